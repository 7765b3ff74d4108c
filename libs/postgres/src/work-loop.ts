import type { Database } from './database.js';
import type { ClaimedWork, WorkList } from './work-list.js';

/** What becomes of an item after its handler: it is gone, waits until `dueAt`, or anybody may have it at once. */
export type WorkVerdict =
  | { readonly do: 'complete' }
  | { readonly do: 'reschedule'; readonly dueAt: string; readonly payload?: Readonly<Record<string, unknown>> }
  | { readonly do: 'release' };

export interface WorkLoopOptions {
  /** What the work is, for the log. */
  readonly name: string;
  readonly database: Database;
  readonly list: WorkList;
  /** Unique for each process. */
  readonly owner: string;
  /** So many items are handled side by side. */
  readonly parallel: number;
  /** Without renewal an item is free again after this; renewed at a third of it. */
  readonly leaseMillis: number;
  /** Also what falls due within so many milliseconds: the handler then waits for the instant itself. 0 unless told. */
  readonly aheadMillis?: number;
  /** Looked at least so often; 1 000 unless told. */
  readonly pollMillis?: number;
  /** NOTIFY on it means: something may be due now. */
  readonly wakeChannel?: string;
  /** The growing pause after a rejection grows no longer than this; 30 000 unless told. */
  readonly longestRetryPauseMillis?: number;
  /** `signal` aborts when the item is no longer ours or the loop is stopping: end soon. A rejection waits with a growing pause and comes again. */
  readonly handle: (item: ClaimedWork, signal: AbortSignal) => Promise<WorkVerdict>;
  /** Told of each rejection of `handle`, and of each failure to reach the database. */
  readonly onError: (error: unknown, item: ClaimedWork | null) => void;
}

const retryPauseMillis = (attempts: number, longest = 30_000): number => Math.min(longest, 250 * 2 ** Math.min(attempts, 10));

/** Claims what is due, keeps the leases, hands each item to its handler. At least once: a lease that lapses gives the item to somebody else. */
export class WorkLoop {
  readonly name: string;
  private readonly running = new Map<
    string,
    { readonly item: ClaimedWork; readonly control: AbortController; readonly ended: Promise<void> }
  >();
  private readonly stopping = new AbortController();
  private woken = false;
  private resume: () => void = () => undefined;
  private renewedAt = Date.now();
  /** Renewals under way. */
  private unanswered = 0;
  private ended: Promise<void> = Promise.resolve();
  private listener: { stop(): Promise<void> } | null = null;
  private renewal: NodeJS.Timeout | undefined;

  constructor(private readonly options: WorkLoopOptions) {
    this.name = options.name;
  }

  async start(): Promise<void> {
    const { database, wakeChannel, leaseMillis } = this.options;
    if (wakeChannel !== undefined) this.listener = await database.listen(wakeChannel, () => this.wake());
    this.renewedAt = Date.now();
    this.renewal = setInterval(() => void this.renew(), leaseMillis / 3);
    this.ended = this.loop();
  }

  /** Takes nothing new, tells the handlers to end, and waits for them. */
  async stop(): Promise<void> {
    const { database, wakeChannel } = this.options;
    this.stopping.abort();
    this.wake();
    for (const { control } of this.running.values()) control.abort();
    await this.listener?.stop();
    await this.ended;
    await Promise.all([...this.running.values()].map(({ ended }) => ended));
    clearInterval(this.renewal);
    // What was given back may be due in a moment: others need not wait for their next look.
    if (wakeChannel !== undefined) database.notify(wakeChannel);
  }

  private async loop(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const took = await this.take();
      if (took === 0) await this.pause();
    }
  }

  private async take(): Promise<number> {
    const { database, list, owner, leaseMillis, parallel, aheadMillis = 0 } = this.options;
    const limit = parallel - this.running.size;
    if (limit <= 0) return 0;
    try {
      const items = await list.claim(database, { owner, limit, leaseMillis, aheadMillis });
      // Claimed while we were told to stop: perhaps what a handler has just given back.
      if (this.stopping.signal.aborted) await list.release(database, items);
      else for (const item of items) this.run(item);
      return items.length;
    } catch (error) {
      this.options.onError(error, null);
      return 0;
    }
  }

  private run(item: ClaimedWork): void {
    const control = new AbortController();
    // Our own lease had lapsed and we took it up again: the handler before must be out first.
    const before = this.running.get(item.id);
    before?.control.abort();
    const begun = before ? before.ended.then(() => this.handled(item, control.signal)) : this.handled(item, control.signal);
    const ended = begun.finally(() => {
      if (this.running.get(item.id)?.control === control) this.running.delete(item.id);
      this.wake();
    });
    this.running.set(item.id, { item, control, ended });
  }

  private async handled(item: ClaimedWork, signal: AbortSignal): Promise<void> {
    const { database, list, handle, longestRetryPauseMillis, onError } = this.options;
    try {
      const verdict = await handle(item, signal).catch((error: unknown): WorkVerdict => {
        onError(error, item);
        const dueAt = new Date(Date.now() + retryPauseMillis(item.attempts, longestRetryPauseMillis)).toISOString();
        return { do: 'reschedule', dueAt };
      });
      if (verdict.do === 'complete') await list.complete(database, item);
      else if (verdict.do === 'reschedule') await list.reschedule(database, item, verdict);
      else await list.release(database, [item]);
    } catch (error) {
      onError(error, item); // The lease lapses, and somebody takes it up again.
    }
  }

  private async renew(): Promise<void> {
    const { database, list, leaseMillis, onError } = this.options;
    if (this.unanswered > 0) this.abortLapsed();
    this.unanswered += 1;
    try {
      if (this.running.size === 0) {
        this.renewedAt = Date.now();
        return;
      }
      // In a transaction, as claims are, and of what is at work by then: no lease is prolonged for somebody who has given up.
      this.renewedAt = await database.transaction(async (tx) => {
        const askedAt = Date.now();
        const asked = [...this.running.values()];
        const items = asked.map(({ item }) => item);
        const kept = new Set(await list.renew(tx, items, leaseMillis));
        for (const { item, control } of asked) if (!kept.has(item.id)) control.abort();
        return Math.max(this.renewedAt, askedAt);
      });
    } catch (error) {
      onError(error, null);
      this.abortLapsed();
    } finally {
      this.unanswered -= 1;
    }
  }

  /** Nobody has heard of us for a whole lease: others may have taken what we hold. */
  private abortLapsed(): void {
    if (Date.now() - this.renewedAt < this.options.leaseMillis) return;
    for (const { control } of this.running.values()) control.abort();
  }

  private wake(): void {
    this.woken = true;
    this.resume();
  }

  private async pause(): Promise<void> {
    if (!this.woken && !this.stopping.signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.options.pollMillis ?? 1_000);
        this.resume = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.woken = false;
  }
}
