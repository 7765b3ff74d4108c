import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { sharingAssigner, type SelfDescription } from './assigner.js';
import { type ConnectionSettings, KafkaClient, patientRetry } from './kafka.client.js';
import { briefly } from './trouble.js';

export interface MembershipSettings {
  readonly connection: ConnectionSettings;
  readonly group: string;
  readonly topics: readonly string[];
  /** How long a silent member keeps its partitions. */
  readonly leaseMillis: number;
}

/** Called by kafkajs' own loop, in the middle of its work: must neither wait nor throw. */
export interface MembershipListener {
  describe(): Omit<SelfDescription, 'memberId'>;
  /** `isContinued`: no other member can have held these partitions since the last time. */
  assigned(assignment: Assignment, isContinued: boolean): void;
  /** The group has just heard of this member. */
  alive(): void;
  /** Messages fetched from an offset, up to another one; answers whether they were taken. */
  fetched(fetch: { topic: string; partition: number; from: number; messages: readonly KafkaMessage[]; to: number }): boolean;
  /** kafkajs has given up. */
  over(error: unknown): void;
}

export type Assignment = Readonly<Record<string, readonly number[]>>;

const maxWaitMillis = 100;
const farewellMillis = 3_000;

/** One life of a kafkajs consumer. It never begins another one by itself. */
export class Membership {
  assignment: Assignment = {};
  private readonly client: KafkaClient;
  private readonly consumer: Consumer;
  private readonly rebalanceMillis: number;
  private memberId = '';
  /** Attempts to join since the last one that succeeded. */
  private attempts = 0;
  private joiningUntil: number | null = null;
  private beatSentAt = 0;
  private knownUntil = 0;
  /** Its commit is tried once and with the present generation; the one of the consumer repeats itself with a later generation. */
  private payload: EachBatchPayload | null = null;

  constructor(
    private readonly settings: MembershipSettings,
    private readonly listener: MembershipListener,
  ) {
    const { connection, group, topics, leaseMillis } = settings;
    this.rebalanceMillis = 2 * leaseMillis;
    this.client = new KafkaClient(connection);
    this.consumer = this.client.kafka.consumer({
      groupId: group,
      partitionAssigners: [sharingAssigner(topics, () => this.introduce())],
      sessionTimeout: leaseMillis,
      rebalanceTimeout: this.rebalanceMillis,
      heartbeatInterval: Math.min(1_000, leaseMillis / 6),
      maxWaitTimeInMs: maxWaitMillis,
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
      // Whoever listens begins a new life; kafkajs would also do so after a stop.
      retry: { ...patientRetry, restartOnFailure: () => Promise.resolve(false) },
    });
    this.listen();
  }

  /** Until when the group holds this member for alive, by its own clock. */
  get aliveUntil(): number {
    return this.memberId === '' ? 0 : Math.max(this.knownUntil, this.joiningUntil ?? 0);
  }

  get lastTrouble(): string | undefined {
    return this.client.lastTrouble;
  }

  begin(): void {
    void this.run().catch((error: unknown) => this.fail(error));
  }

  /** Leaves the group, if it can still be told. */
  async end(): Promise<void> {
    await briefly(farewellMillis, this.consumer.disconnect());
    this.client.abandon();
  }

  /** With the generation in which it is called: a partition that has changed hands since refuses it. Not repeated. */
  async commit(topic: string, partition: number, offset: number): Promise<void> {
    if (!this.payload) throw new Error('nothing was fetched yet');
    await this.payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(offset) }] }] });
  }

  /** Notes where a group without a commit begins. */
  async anchor(starts: readonly { topic: string; partition: number; offset: number }[]): Promise<void> {
    await this.consumer.commitOffsets(starts.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) })));
  }

  seek(topic: string, partition: number, offset: number): void {
    this.whileRunning(() => this.consumer.seek({ topic, partition, offset: String(offset) }));
  }

  pause(topic: string, partition: number): void {
    this.whileRunning(() => this.consumer.pause([{ topic, partitions: [partition] }]));
  }

  resume(topic: string, partition: number): void {
    this.whileRunning(() => this.consumer.resume([{ topic, partitions: [partition] }]));
  }

  /** kafkajs throws when it has just ended: then there is nothing to be fetched anyway. */
  private whileRunning(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!this.client.isOver && !(error instanceof Error && error.name === 'KafkaJSNonRetriableError')) throw error;
    }
  }

  private async run(): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.settings.topics], fromBeginning: true });
    await this.consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: (payload) => this.take(payload) });
  }

  private take(payload: EachBatchPayload): Promise<void> {
    this.payload = payload;
    const { topic, partition, messages } = payload.batch;
    // Not in kafkajs' types: the offset that was asked for.
    const { fetchedOffset } = payload.batch as typeof payload.batch & { readonly fetchedOffset: string };
    const to = payload.batch.lastOffset();
    const isCurrent = payload.isRunning() && !payload.isStale() && !this.client.isOver;
    const fetch = { topic, partition, from: Number(fetchedOffset), messages, to: Number(to) };
    if (isCurrent && this.listener.fetched(fetch)) payload.resolveOffset(to);
    return Promise.resolve();
  }

  private listen(): void {
    const { consumer } = this;
    consumer.on(consumer.events.REQUEST, ({ payload }) => {
      const isBeat = payload.apiName === 'Heartbeat' || payload.apiName === 'SyncGroup';
      // Of a clock that may be set back.
      if (isBeat) this.beatSentAt = performance.now() - Math.max(0, payload.duration);
    });
    consumer.on(consumer.events.HEARTBEAT, () => {
      if (this.client.isOver) return;
      this.knownUntil = this.beatSentAt + this.settings.leaseMillis;
      this.listener.alive();
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      if (this.client.isOver) return;
      // Exactly one JoinGroup since the last assignment, under the same name: no generation was missed.
      const isContinued = payload.memberId === this.memberId && this.attempts === 1;
      this.memberId = payload.memberId;
      this.assignment = payload.memberAssignment;
      this.attempts = 0;
      this.joiningUntil = null;
      this.knownUntil = this.beatSentAt + this.settings.leaseMillis;
      this.listener.assigned(this.assignment, isContinued);
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => this.fail(payload.error));
  }

  private introduce(): SelfDescription {
    this.attempts++;
    // While a join waits for the others the broker does not count the time.
    this.joiningUntil ??= performance.now() + this.rebalanceMillis;
    return { memberId: this.memberId, ...this.listener.describe() };
  }

  private fail(error: unknown): void {
    if (this.client.isOver) return;
    this.client.abandon();
    this.listener.over(error);
  }
}
