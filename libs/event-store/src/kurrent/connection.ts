import { StoreUnavailable } from '../event-store.js';
import type { KurrentTarget } from './connection-string.js';
import { NoAnswer, wentUnanswered } from './failures.js';
import { PlainClient } from './plain-client.js';

/** Time for the client's own deadline to come first: it ends the call, ours only stops waiting. */
const graceMillis = 500;

/** One client and what is under way on it. */
class Held {
  calls = 0;
  private readonly ended = new AbortController();
  /** What still hangs on the client then must be begun anew. */
  readonly abandoned = this.ended.signal;

  constructor(readonly client: PlainClient) {}

  abandon(): void {
    this.ended.abort();
    this.closeWhenIdle();
  }

  async close(): Promise<void> {
    this.ended.abort();
    await this.client.close();
  }

  callEnded(): void {
    this.calls -= 1;
    this.closeWhenIdle();
  }

  private closeWhenIdle(): void {
    if (this.abandoned.aborted && this.calls === 0) void this.client.close();
  }
}

/**
 * The way to the server: one client at a time. After a call without an answer the next call gets a new one, on a connection of its own;
 * the old one is closed once its last call has ended.
 */
export class Connection {
  private held: Held;
  private isClosed = false;

  constructor(
    private readonly target: KurrentTarget,
    private readonly name: string,
  ) {
    this.held = this.open();
  }

  /** `work` gives its calls `deadline` as their own; an answer after that and some grace is not waited for. */
  async call<T>(deadline: number, work: (client: PlainClient) => Promise<T>): Promise<T> {
    const { held } = this;
    if (this.isClosed) throw new StoreUnavailable('this event store has been closed');
    held.calls += 1;
    const running = work(held.client).finally(() => held.callEnded());
    try {
      return await answered(running, deadline + graceMillis);
    } catch (error) {
      if (wentUnanswered(error)) this.renew(held);
      throw error;
    }
  }

  /** For what stays open, until it has to be opened anew. */
  forLong(): { readonly client: PlainClient; readonly abandoned: AbortSignal } {
    if (this.isClosed) throw new StoreUnavailable('this event store has been closed');
    return this.held;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.held.close();
  }

  private renew(failed: Held): void {
    if (this.isClosed || failed !== this.held) return;
    this.held = this.open();
    failed.abandon();
  }

  private open(): Held {
    return new Held(new PlainClient(this.target, this.name));
  }
}

const answered = async <T>(running: Promise<T>, millis: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(millis)), millis);
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
};
