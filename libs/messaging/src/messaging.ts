export interface OutgoingMessage {
  /** The event's id; the same in every repeat. */
  readonly id: string;
  readonly topic: string;
  /** Messages of one key stay in order. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface ReceivedMessage extends OutgoingMessage {
  readonly partition: number;
  /** Grows within the partition. Opaque otherwise. */
  readonly offset: string;
}

/**
 * Puts messages on their topics. `publish` resolves when all of them are durable, in the order given for each key. It rejects with
 * `MessagingUnavailable` when that cannot be said: any prefix may be there, and publishing the same list again is the way on
 * (a repeat is recognised by its `sequence`). One call at a time: two at once have no order between them.
 */
export interface Publisher {
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  /** Does the transport answer? Rejects with `MessagingUnavailable`. For readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface MessageBatch {
  readonly topic: string;
  readonly partition: number;
  /** In the order of their offsets; never empty. */
  readonly messages: readonly ReceivedMessage[];
}

export interface BatchContext {
  /** Aborted when this member has lost the partition or is stopping: finish or give up, commit nothing later. */
  readonly signal: AbortSignal;
  /** Call between long steps, so that the member is not taken for dead. */
  heartbeat(): Promise<void>;
}

/** Resolves once the batch's effects are durable; only then is it committed. A rejection brings the same batch again after a pause. */
export type BatchHandler = (batch: MessageBatch, context: BatchContext) => Promise<void>;

export interface SubscribeOptions {
  /** Members of one group share the partitions; every group gets every message. */
  readonly group: string;
  readonly topics: readonly string[];
  /** At most so many messages a batch; 500 unless told. */
  readonly batchSize?: number;
  /** Where a group without a commit begins; `earliest` unless told. */
  readonly from?: 'earliest' | 'latest';
}

/**
 * A member of a group. At least once, in order per partition, one batch of a partition at a time; different partitions may be handled
 * side by side. A batch whose handler has not resolved is not committed and comes again, here or at another member.
 */
export interface Subscription {
  /** Messages behind the newest, by topic and partition of this member. */
  lag(): Promise<readonly { readonly topic: string; readonly partition: number; readonly behind: number }[]>;
  /** Whether this member has joined and is still alive in its group. For readiness. */
  isJoined(): boolean;
  /** Takes no more, lets running handlers end, commits them, leaves the group. */
  stop(): Promise<void>;
}

export interface Consumer {
  subscribe(options: SubscribeOptions, handle: BatchHandler): Promise<Subscription>;
  close(): Promise<void>;
}

export interface TopicSpecification {
  readonly name: string;
  readonly partitions: number;
}

export interface Messaging {
  /** Creates what is missing and checks what is there; a mismatch throws `TopicMismatch`, which says what to do. */
  ensureTopics(topics: readonly TopicSpecification[]): Promise<void>;
  publisher(): Publisher;
  consumer(): Consumer;
  close(): Promise<void>;
}

export class MessagingUnavailable extends Error {
  readonly code = 'messaging_unavailable';
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'MessagingUnavailable';
  }
}

export class TopicMismatch extends Error {
  readonly code = 'topic_mismatch';
  constructor(message: string) {
    super(message);
    this.name = 'TopicMismatch';
  }
}
