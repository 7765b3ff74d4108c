import type { KafkaMessage } from 'kafkajs';
import { Holding } from '../holding.js';
import type { ReceivedMessage } from '../messaging.js';
import { fromKafka } from './wire.js';

const maxBatchBytes = 1024 * 1024;
/** How often in a row a fetch may come from elsewhere before it is believed. */
const patience = 3;

export const laneKey = (topic: string, partition: number): string => `${topic}/${partition}`;

/**
 * A partition that the group has given to this member: what was fetched of it waits here for the handler, so that a slow partition holds
 * up neither the fetching nor the others.
 */
export class Lane extends Holding {
  /** Everything before it is committed; null until that is known. */
  position: number | null = null;
  /** Not fetched for now, because enough is waiting. */
  isPaused = false;
  private next = 0;
  private strays = 0;
  private waiting: KafkaMessage[] = [];
  private waitingBytes = 0;
  /** Handed to the handler again after a rejection. */
  private batch: readonly ReceivedMessage[] = [];

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly batchSize: number,
    now: number,
  ) {
    super(now);
  }

  get key(): string {
    return laneKey(this.topic, this.partition);
  }

  /** Where fetching goes on; null until the lane has its place. */
  get fetchFrom(): number | null {
    return this.position === null ? null : this.next;
  }

  place(position: number): void {
    this.position = position;
    this.next = position;
  }

  /**
   * Takes what was fetched from `from` and reaches up to `to`, unless it is not what comes next: it may have been under way while the
   * partition changed hands. When that is all there is, the log has lost what was wanted, and it is taken after all.
   */
  take(from: number, messages: readonly KafkaMessage[], to: number): boolean {
    if (this.lost || this.position === null) return false;
    if (from !== this.next) {
      this.strays++;
      if (this.strays < patience) return false;
      this.waiting = [];
      this.waitingBytes = 0;
    }
    this.strays = 0;
    for (const message of messages) {
      this.waiting.push(message);
      this.waitingBytes += message.value?.length ?? 0;
    }
    this.next = to + 1;
    return true;
  }

  get isFull(): boolean {
    return this.waiting.length >= 2 * this.batchSize || this.waitingBytes >= maxBatchBytes;
  }

  get isLow(): boolean {
    return this.waiting.length <= this.batchSize && this.waitingBytes < maxBatchBytes / 2;
  }

  isReady(now: number): boolean {
    const hasWork = this.batch.length > 0 || this.waiting.length > 0;
    return hasWork && !this.busy && !this.lost && this.mayTry(now);
  }

  isSilent(now: number, leaseMillis: number): boolean {
    return this.busy && now >= this.touchedAt + leaseMillis;
  }

  nextBatch(): readonly ReceivedMessage[] {
    if (this.batch.length > 0) return this.batch;
    let [count, bytes] = [0, 0];
    while (count < Math.min(this.waiting.length, this.batchSize)) {
      bytes += this.waiting[count]?.value?.length ?? 0;
      if (count > 0 && bytes > maxBatchBytes) break;
      count++;
    }
    const taken = this.waiting.splice(0, count);
    for (const { value } of taken) this.waitingBytes -= value?.length ?? 0;
    this.batch = taken.map((message) => fromKafka(this.topic, this.partition, message));
    return this.batch;
  }

  committed(position: number): void {
    this.position = position;
    this.batch = [];
    this.succeeded();
  }

  override lose(reason: string): void {
    super.lose(reason);
    this.waiting = [];
  }
}
