/** A place in the order of all events of the store. Opaque: only the store that gave it can read it; it only grows. */
declare const position: unique symbol;
export type Position = string & { readonly [position]: true };

/** Who caused an event and in which conversation. Never a secret. */
export interface EventMetadata {
  readonly organizationId: string;
  /** A user's `sub`, or `service:<name>`. */
  readonly actor: string;
  /** A timestamp of six fraction digits: when it was decided. */
  readonly at: string;
  /** One for all that follows from one request. */
  readonly correlationId: string;
  /** The id of the event, or of the request, that this one follows from. */
  readonly causationId: string;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
}

export interface NewEvent {
  /** UUIDv7, made by the caller before the first try: a repeated append with the same ids is one append. */
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: EventMetadata;
}

export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** From 0, without gaps, within its stream. */
  readonly revision: number;
  readonly position: Position;
}

/** The revision of a stream's last event that the caller has seen, or that it has seen none. */
export type ExpectedRevision = number | 'no-stream';

export interface StreamAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** At least one. All or none of them are stored. */
  readonly events: readonly NewEvent[];
}

export type AppendOutcome =
  | { readonly ok: true; readonly revision: number }
  /** Somebody else wrote first. `actual` is what the stream's last revision was then. */
  | { readonly ok: false; readonly actual: ExpectedRevision };

export interface ReadOptions {
  /** The first revision to read; 0 unless told. */
  readonly from?: number;
  /** At most so many; 1 000 unless told. */
  readonly limit?: number;
}

export interface FollowOptions {
  /** The last position that has been dealt with; `null` begins at the first event ever. */
  readonly after: Position | null;
  /** Only streams whose name begins with one of these; the store does the filtering. */
  readonly streamPrefixes: readonly string[];
  /** At most so many events a batch; 500 unless told. */
  readonly batchSize?: number;
  /** Ends the following: the iteration returns. */
  readonly signal: AbortSignal;
}

export interface FollowedBatch {
  /** In the order of their positions; empty when only the position has moved. */
  readonly events: readonly RecordedEvent[];
  /** Store this once every event of the batch has been dealt with, and follow from there next time. */
  readonly position: Position;
}

/**
 * Where facts enter the world. Guarantees of every adapter, held by the contract suite (`…/testing`):
 * - An append that has been answered is durable. One whose answer got lost may be repeated with the same ids and the same
 *   expectation: it is stored once and answered as the first time.
 * - Of two appends with the same expectation one wins.
 * - A follower gets every event of its prefixes once, in order; nothing ever appears at or below a position that a follower was given.
 * Every method throws `StoreUnavailable` when the store cannot answer now: the outcome of an append is then unknown, and a repeat is safe.
 */
export interface EventStore {
  append(append: StreamAppend): Promise<AppendOutcome>;
  /** Many streams in one call; each append stands for itself, the outcomes are in the order of the appends. */
  appendMany(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]>;
  /** The events of one stream, oldest first; empty for a stream that is not there. */
  read(stream: string, options?: ReadOptions): Promise<readonly RecordedEvent[]>;
  /** Catch-up, then live. Throws `StoreUnavailable` when the connection breaks; follow again from the last position.
   * Throws `UnknownPosition` when `after` cannot be a position of this store. */
  follow(options: FollowOptions): AsyncIterable<FollowedBatch>;
  /** Does the store answer? Rejects with `StoreUnavailable`. For readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export class StoreUnavailable extends Error {
  readonly code = 'store_unavailable';
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StoreUnavailable';
  }
}

/** The position does not belong to this store, or its event is gone with a restored backup: going on would skip events. For a human. */
export class UnknownPosition extends Error {
  readonly code = 'unknown_position';
  constructor(message: string) {
    super(message);
    this.name = 'UnknownPosition';
  }
}

/** The caller broke the port's rules: an empty append, a bad id, data that is no JSON, an event over the size limit. A bug, not an outage. */
export class InvalidAppend extends Error {
  readonly code = 'invalid_append';
  constructor(message: string) {
    super(message);
    this.name = 'InvalidAppend';
  }
}
