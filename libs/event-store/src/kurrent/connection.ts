import { StoreUnavailable } from '../event-store.js';
import type { KurrentTarget } from './connection-string.js';
import { asksForNewConnection, NoAnswer } from './failures.js';
import { PlainClient } from './plain-client.js';

/** Time for the client's own deadline to come first: it ends the call, ours only stops waiting. */
const graceMillis = 500;
const renewalPauseMillis = 250;

/** One client and what is under way on it. */
class Held {
  calls = 0;
  private readonly ended = new AbortController();
  /** Aborts when the client is given up: what still hangs on it must be begun anew. */
  readonly given = this.ended.signal;
  readonly since = performance.now();

  constructor(readonly client: PlainClient) {}

  giveUp(): void {
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
    if (this.given.aborted && this.calls === 0) void this.client.close();
  }
}

/**
 * The way to the server: one client at a time. After an outage or a call without an answer the next call gets a new one, because the old
 * one would wait long before it tries to connect again; the old one is closed once its last call has ended.
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
      if (asksForNewConnection(error)) this.renew(held);
      throw error;
    }
  }

  /** For what stays open. `given` aborts when it has to be opened anew. */
  forLong(): { readonly client: PlainClient; readonly given: AbortSignal } {
    if (this.isClosed) throw new StoreUnavailable('this event store has been closed');
    return this.held;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.held.close();
  }

  private renew(failed: Held): void {
    if (this.isClosed || failed !== this.held || performance.now() - failed.since < renewalPauseMillis) return;
    this.held = this.open();
    failed.giveUp();
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
