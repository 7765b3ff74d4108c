import { answerOf, type Answer, type NotModified } from './answer.js';
import { eventsOf, type StreamEvent } from './event-stream.js';
import { addressOf, headersOf, type Operation, type Request } from './operation.js';
import { defaults, pause, type CallOptions, type ClientOptions } from './options.js';
import { ProblemError } from './problem-error.js';

const keyHeader = 'Idempotency-Key';

interface Prepared {
  readonly operation: Operation;
  /** Path and query, or what a `Link` says. */
  readonly address: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** Sends what the generated methods ask for. */
export class Exchange {
  private readonly base: URL;
  private readonly fetch: typeof fetch;

  constructor(private readonly options: ClientOptions) {
    this.base = new URL(options.baseUrl);
    this.fetch = options.fetch ?? fetch;
  }

  async json<Data>(operation: Operation, request: Request, options?: CallOptions): Promise<Answer<Data>> {
    return this.read(prepare(operation, request), options, (text) => JSON.parse(text) as Data);
  }

  /** For requests that may carry `ifNoneMatch`. */
  async jsonIfModified<Data>(operation: Operation, request: Request, options?: CallOptions): Promise<Answer<Data> | NotModified> {
    return this.read(prepare(operation, request), options, (text) => JSON.parse(text) as Data) as Promise<Answer<Data> | NotModified>;
  }

  text(operation: Operation, request: Request, options?: CallOptions): Promise<Answer<string>> {
    return this.read(prepare(operation, request), options, (text) => text);
  }

  textIfModified(operation: Operation, request: Request, options?: CallOptions): Promise<Answer<string> | NotModified> {
    return this.text(operation, request, options);
  }

  nothing(operation: Operation, request: Request, options?: CallOptions): Promise<Answer<null>> {
    return this.read(prepare(operation, request), options, () => null);
  }

  /** Every entry of a list; the next page is asked for when the one before has been taken. */
  async *entries<Entry>(operation: Operation, request: Request, options?: CallOptions): AsyncGenerator<Entry, void, undefined> {
    const first = prepare(operation, request);
    for (let address: string | null = first.address; address !== null;) {
      const page: Answer<readonly Entry[]> = await this.read({ ...first, address }, options, (text) => JSON.parse(text) as Entry[]);
      yield* page.data;
      address = page.next;
    }
  }

  /** The events of a stream, which is taken up again behind the last one whenever it breaks. Ends by `signal`, or an error. */
  events<Event extends StreamEvent>(
    operation: Operation,
    request: Request,
    options: CallOptions = {},
  ): AsyncGenerator<Event, void, undefined> {
    const { patienceMillis = defaults.patienceMillis, silenceMillis = defaults.silenceMillis } = { ...this.options, ...options };
    const prepared = prepare(operation, request);
    const open = (lastEventId: string | undefined, signal: AbortSignal): Promise<Response> => {
      const headers = lastEventId === undefined ? prepared.headers : { ...prepared.headers, 'Last-Event-ID': lastEventId };
      return this.attempt({ ...prepared, headers }, options, signal);
    };
    return eventsOf<Event>({ open, signal: options.signal, patienceMillis, silenceMillis });
  }

  private async read<Data>(prepared: Prepared, options: CallOptions | undefined, parse: (text: string) => Data): Promise<Answer<Data>> {
    const { patienceMillis = defaults.patienceMillis } = { ...this.options, ...options };
    const isRepeatable = prepared.operation.method === 'GET' || prepared.headers[keyHeader] !== undefined;
    for (const deadline = performance.now() + patienceMillis; ;) {
      try {
        const response = await this.attempt(prepared, options);
        const text = await response.text();
        // There is no body then: what is promised of it is promised of 200.
        if (response.status === 304) return answerOf(response, null as Data);
        return answerOf(response, parse(text));
      } catch (error) {
        const seconds = error instanceof ProblemError && error.status === 503 ? error.retryAfter : null;
        const waits = Math.max(seconds ?? 0, 0.1) * 1_000;
        if (!isRepeatable || seconds === null || performance.now() + waits > deadline) throw error;
        await pause(waits, options?.signal);
      }
    }
  }

  /** One request, and its answer if that is no error. `streaming`: ends the answer, which then has all the time it needs. */
  private async attempt({ operation, address, headers, body }: Prepared, options: CallOptions = {}, streaming?: AbortSignal) {
    const { timeoutMillis = defaults.timeoutMillis } = { ...this.options, ...options };
    const began = new AbortController();
    const tooLate = (): void => began.abort(new DOMException(`no answer within ${timeoutMillis} ms`, 'TimeoutError'));
    const timer = setTimeout(tooLate, timeoutMillis);
    const signals = [began.signal, streaming, options.signal].filter((signal) => signal !== undefined);
    try {
      const authorization = operation.isPublic ? {} : await this.authorization();
      const response = await this.fetch(this.urlOf(address), {
        method: operation.method,
        headers: { ...headers, ...authorization },
        ...(body === undefined ? {} : { body }),
        // The API sends nobody elsewhere; who does is not to get the token.
        redirect: 'error',
        signal: AbortSignal.any(signals),
      });
      if (!response.ok && response.status !== 304)
        throw new ProblemError(`${operation.method} ${address}`, response, await response.text());
      if (streaming) return response;
      // Inside of the time limit, and whole: what follows cannot fail any more.
      const text = await response.arrayBuffer();
      const isEmpty = response.status === 204 || response.status === 304;
      return new Response(isEmpty ? null : text, { status: response.status, headers: response.headers });
    } finally {
      clearTimeout(timer);
    }
  }

  private async authorization(): Promise<Record<string, string>> {
    const { token } = this.options;
    if (token === undefined) return {};
    return { Authorization: `Bearer ${typeof token === 'string' ? token : await token()}` };
  }

  /** Below the base, whatever path that has. An address elsewhere is refused: the token is not for it. */
  private urlOf(address: string): URL {
    const url = address.startsWith('/') ? new URL(`${this.base.href.replace(/\/$/, '')}${address}`) : new URL(address, this.base);
    if (url.origin !== this.base.origin) throw new TypeError(`${url.origin} is not where the API is`);
    return url;
  }
}

const prepare = (operation: Operation, request: Request): Prepared => {
  const headers = headersOf(operation, request);
  const takesKey = Object.values(operation.headers ?? {}).includes(keyHeader);
  // Without a key, a repeat after an answer that was lost would do it twice.
  if (takesKey) headers[keyHeader] ??= crypto.randomUUID();
  const { body } = request;
  return { operation, address: addressOf(operation, request), headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
};
