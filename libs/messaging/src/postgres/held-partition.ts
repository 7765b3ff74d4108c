import type { ReceivedMessage } from '../messaging.js';
import type { Claim } from './group.js';

const firstPauseMillis = 100;
const longestPauseMillis = 5_000;

/** A partition that this member holds, from claim to loss. Instants are milliseconds of the process's own steady clock. */
export class HeldPartition {
  readonly abort = new AbortController();
  /** Resolves when the partition is lost. */
  readonly gone: Promise<void>;
  /** Resolves when the running batch has ended, one way or the other. */
  ended: Promise<void> = Promise.resolve();
  /** Where the next batch begins: everything before it is committed. */
  position: number;
  /** Read and not yet committed; handed to the handler again after a rejection. */
  batch: readonly ReceivedMessage[] = [];
  busy = false;
  lost = false;
  /** To be given to another member once the running batch has ended. */
  surplus = false;
  /** The count of news up to which this partition is known to have nothing more. */
  caughtUpAt = -1;
  private failures = 0;
  private notBefore = 0;
  private touchedAt: number;
  private resolveGone: (() => void) | undefined;

  constructor(
    readonly claim: Claim,
    private renewedAt: number,
    private readonly leaseMillis: number,
  ) {
    this.position = claim.nextOffset;
    this.touchedAt = renewedAt;
    this.gone = new Promise((resolve) => (this.resolveGone = resolve));
  }

  begin(now: number): void {
    this.busy = true;
    this.touchedAt = now;
  }

  /** A sign of life of the running handler: it earns one more renewal. */
  touch(now: number): void {
    this.touchedAt = now;
  }

  /** An idle partition is always kept, one with a handler at work only while that shows signs of life. */
  mayRenew(): boolean {
    return !this.busy || this.touchedAt >= this.renewedAt;
  }

  renewed(at: number): void {
    this.renewedAt = at;
  }

  isExpired(now: number): boolean {
    return now >= this.renewedAt + this.leaseMillis;
  }

  isHungry(news: number): boolean {
    return !this.busy && !this.surplus && this.batch.length === 0 && this.caughtUpAt < news;
  }

  isReady(now: number): boolean {
    return !this.busy && !this.surplus && this.batch.length > 0 && now >= this.notBefore;
  }

  committed(nextOffset: number): void {
    this.position = nextOffset;
    this.batch = [];
    this.failures = 0;
  }

  /** Answers the pause before the batch comes again, in milliseconds. */
  failed(now: number): number {
    const pause = Math.min(firstPauseMillis * 2 ** this.failures, longestPauseMillis);
    this.failures++;
    this.notBefore = now + pause;
    return pause;
  }

  lose(reason: string): void {
    this.lost = true;
    this.abort.abort(new Error(reason));
    this.resolveGone?.();
  }
}
