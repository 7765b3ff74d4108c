import { randomUUID } from 'node:crypto';
import type { Database } from '@scheduled-scripts/postgres';
import type { BatchHandler, SubscribeOptions, Subscription } from '../messaging.js';
import { newsChannel } from './channel.js';
import { fairShare } from './fair-share.js';
import { Group, type OtherMember } from './group.js';
import { HeldPartition } from './held-partition.js';
import type { Topics } from './topics.js';
import { WakeUp } from './wake-up.js';

export interface MemberSettings {
  /** How long a silent member keeps its partitions. */
  readonly leaseMillis: number;
  /** How long news may go unnoticed when a notification got lost. */
  readonly pollMillis: number;
  /** Partitions handled side by side. */
  readonly concurrency: number;
  /** Troubles that the member gets over by itself, for a log. */
  readonly onError: (error: unknown) => void;
}

const defaultBatchSize = 500;
const maxBatchBytes = 1024 * 1024;

/** A member of a group: claims its share of the partitions, reads them, and commits what was handled as long as the claim is its own. */
export class Member implements Subscription {
  private readonly id = randomUUID();
  private readonly group: Group;
  private readonly held = new Map<number, HeldPartition>();
  /** Partitions lost while their handler was silent; it has still not come back. */
  private readonly stuck = new Set<number>();
  private readonly sizes = new Map<string, number>();
  private readonly wakeUp = new WakeUp();
  private news = 0;
  private active = 0;
  private beganBeatAt = 0;
  private aliveUntil = 0;
  private beating: Promise<void> | null = null;
  private reading: Promise<void> | null = null;
  private ticking: NodeJS.Timeout | undefined;
  private listening: { stop(): Promise<void> } | null = null;
  private stopping: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    private readonly topics: Topics,
    private readonly options: SubscribeOptions,
    private readonly handler: BatchHandler,
    private readonly settings: MemberSettings,
  ) {
    this.group = new Group(database, options.group, this.id, options.topics, settings.leaseMillis);
  }

  async join(): Promise<void> {
    for (const topic of this.options.topics) this.sizes.set(topic, (await this.topics.partitionIds(topic)).length);
    await this.group.enrol(this.options.from ?? 'earliest');
    await this.beat();
    this.listening = await this.database.listen(newsChannel, () => this.noticeNews());
    this.ticking = setInterval(() => void this.tick(), this.settings.leaseMillis / 3);
    this.reading = this.read();
  }

  lag(): ReturnType<Subscription['lag']> {
    return this.group.lag();
  }

  isJoined(): boolean {
    return this.stopping === null && this.stuck.size === 0 && performance.now() < this.aliveUntil;
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    this.wakeUp.call();
    const working = [...this.held.values()].filter(({ busy }) => busy);
    for (const partition of working) partition.abort.abort(new Error('the member is stopping'));
    await this.reading;
    await Promise.all(working.map(({ ended, gone }) => Promise.race([ended, gone])));
    clearInterval(this.ticking);
    await this.beating;
    await this.listening?.stop();
    for (const partition of this.held.values()) partition.lose('the member has left');
    this.held.clear();
    // In an outage the claims run out by themselves.
    await this.group.leave().catch(this.settings.onError);
  }

  private noticeNews(): void {
    this.news++;
    this.wakeUp.call();
  }

  private async read(): Promise<void> {
    while (this.stopping === null) {
      await this.fetch().catch(this.settings.onError);
      if (!(await this.wakeUp.sleep(this.settings.pollMillis))) this.news++;
    }
  }

  private async fetch(): Promise<void> {
    const { news } = this;
    const hungry = [...this.held.values()].filter((partition) => partition.isHungry(news));
    if (hungry.length > 0) {
      const wanted = hungry.map(({ claim, position }) => ({ ...claim, position }));
      const pages = await this.group.fetch(wanted, this.options.batchSize ?? defaultBatchSize, maxBatchBytes);
      for (const partition of hungry) {
        const page = pages.get(partition.claim.partitionId);
        if (!page || page.last) partition.caughtUpAt = news;
        partition.batch = page?.messages ?? [];
      }
    }
    this.dispatch();
  }

  private dispatch(): void {
    for (const [id, partition] of this.held) {
      if (this.stopping !== null || this.active >= this.settings.concurrency) return;
      if (!partition.isReady(performance.now())) continue;
      // To the end of the line, so that busy partitions do not starve the others.
      this.held.delete(id);
      this.held.set(id, partition);
      this.active++;
      partition.begin(performance.now());
      partition.ended = this.work(partition);
    }
  }

  private async work(partition: HeldPartition): Promise<void> {
    await this.handle(partition).catch((error: unknown) => {
      if (partition.lost) return;
      this.settings.onError(error);
      setTimeout(() => this.dispatch(), partition.failed(performance.now())).unref();
    });
    partition.busy = false;
    this.active--;
    this.stuck.delete(partition.claim.partitionId);
    if (partition.surplus && !partition.lost) await this.giveUp([partition]).catch(this.settings.onError);
    this.dispatch();
    this.wakeUp.call();
  }

  private async handle(partition: HeldPartition): Promise<void> {
    const { batch, claim } = partition;
    await this.handler(
      { topic: claim.topic, partition: claim.number, messages: batch },
      { signal: partition.abort.signal, heartbeat: () => this.heartbeat(partition) },
    );
    const nextOffset = Number(batch.at(-1)?.offset) + 1;
    if (partition.lost) return;
    if (await this.group.commit(claim, nextOffset)) partition.committed(nextOffset);
    else this.drop(partition, 'the partition is held by another member');
  }

  private async heartbeat(partition: HeldPartition): Promise<void> {
    const now = performance.now();
    partition.touch(now);
    // A handler that never lets a timer come through has to carry the beat itself.
    if (!partition.lost && now >= this.beganBeatAt + this.settings.leaseMillis / 3) await this.tick();
    if (partition.lost) throw partition.abort.signal.reason;
  }

  private tick(): Promise<void> {
    const now = performance.now();
    for (const partition of this.held.values()) {
      if (partition.isExpired(now)) this.drop(partition, 'the lease of the partition ran out');
    }
    this.beating ??= this.beat()
      .catch(this.settings.onError)
      .finally(() => (this.beating = null));
    return this.beating;
  }

  private async beat(): Promise<void> {
    this.beganBeatAt = performance.now();
    const at = this.beganBeatAt;
    const kept = [...this.held.values()].filter((partition) => partition.mayRenew());
    const { renewed, others } = await this.group.beat(
      this.stuck.size > 0,
      kept.map(({ claim }) => claim),
    );
    this.aliveUntil = at + this.settings.leaseMillis;
    for (const partition of kept) {
      if (renewed.has(partition.claim.partitionId)) partition.renewed(at);
      else if (!partition.lost) this.drop(partition, 'the partition is held by another member');
    }
    for (const [topic, size] of this.sizes) {
      if (this.stopping === null) await this.settle(topic, size, others);
    }
  }

  /** Claims what this member lacks of its share of a topic, gives up what is over. */
  private async settle(topic: string, size: number, others: readonly OtherMember[]): Promise<void> {
    const me = { member: this.id, topics: this.options.topics, stalled: this.stuck.size > 0 };
    const share = fairShare(size, topic, me, others);
    const own = [...this.held.values()].filter(({ claim }) => claim.topic === topic);
    own.sort((a, b) => Number(a.busy) - Number(b.busy));
    for (const [index, partition] of own.entries()) partition.surplus = index < own.length - share;
    const idle = own.filter(({ surplus, busy }) => surplus && !busy);
    if (idle.length > 0) await this.giveUp(idle);
    if (own.length >= share) return;
    const at = performance.now();
    for (const claim of await this.group.claim(topic, share - own.length, [...this.stuck, ...this.held.keys()])) {
      this.held.set(claim.partitionId, new HeldPartition(claim, at, this.settings.leaseMillis));
    }
    this.wakeUp.call();
  }

  private async giveUp(partitions: readonly HeldPartition[]): Promise<void> {
    for (const partition of partitions) this.drop(partition, 'the partition goes to another member');
    await this.group.release(partitions.map(({ claim }) => claim.partitionId));
  }

  private drop(partition: HeldPartition, reason: string): void {
    const { partitionId } = partition.claim;
    if (this.held.get(partitionId) === partition) this.held.delete(partitionId);
    if (partition.busy) this.stuck.add(partitionId);
    partition.lose(reason);
  }
}
