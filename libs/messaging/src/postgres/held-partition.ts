import { Holding } from '../holding.js';
import type { ReceivedMessage } from '../messaging.js';
import type { Claim } from './group.js';

/** A partition that this member has claimed. */
export class HeldPartition extends Holding {
  /** Where the next batch begins: everything before it is committed. */
  position: number;
  /** Read and not yet committed; handed to the handler again after a rejection. */
  batch: readonly ReceivedMessage[] = [];
  /** To be given to another member once the running batch has ended. */
  surplus = false;
  /** The count of news up to which this partition is known to have nothing more. */
  caughtUpAt = -1;

  constructor(
    readonly claim: Claim,
    private renewedAt: number,
    private readonly leaseMillis: number,
  ) {
    super(renewedAt);
    this.position = claim.nextOffset;
  }

  /** An idle partition is always kept; one with a handler at work only while that shows signs of life, each of which earns one renewal. */
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
    return !this.busy && !this.surplus && this.batch.length > 0 && this.mayTry(now);
  }

  committed(nextOffset: number): void {
    this.position = nextOffset;
    this.batch = [];
    this.succeeded();
  }
}
