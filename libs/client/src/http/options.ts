export interface ClientOptions {
  /** Where the API is, `https://api.example.com` or with a path; the paths of the API follow. */
  readonly baseUrl: string;
  /** Or how to get one: it is asked for with each attempt, so that a token that ends can be replaced. */
  readonly token?: string | (() => string | Promise<string>);
  /** Instead of the global one. */
  readonly fetch?: typeof fetch;
  /** How long one attempt may take, to the end of the answer; 15 s unless told. Streams: to their beginning. */
  readonly timeoutMillis?: number;
  /**
   * For how long a 503 with `Retry-After` is asked again, if that is safe: reads, and what has an idempotency key. 30 s unless told; 0:
   * never. A stream that breaks is taken up again for as long.
   */
  readonly patienceMillis?: number;
  /** How long a stream may be silent before it is taken for dead; 60 s unless told. The service says something every 15 s. */
  readonly silenceMillis?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMillis?: number;
  readonly patienceMillis?: number;
}

export const defaults = { timeoutMillis: 15_000, patienceMillis: 30_000, silenceMillis: 60_000 } as const;

/** Resolves after so long; rejects with the signal's reason. */
export const pause = (millis: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (): void => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal?.reason }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', fail);
      resolve();
    }, millis);
    if (signal?.aborted === true) fail();
    else signal?.addEventListener('abort', fail, { once: true });
  });
