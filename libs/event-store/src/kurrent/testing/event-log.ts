import { randomUUID } from 'node:crypto';

/** −1 none, −2 any, −4 that there is one; otherwise the revision of the last event. */
export type Expected = bigint;
export const noStream = -1n;
export const any = -2n;
export const streamExists = -4n;
/** What a tombstone counts as its revision, and what hides a whole stream. */
export const lastRevision = 2n ** 63n - 1n;

export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface LogRecord extends Proposed {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly created: bigint;
}

export type WriteResult =
  /** `revision` is −1 for a stream that still has no event. */
  | { readonly kind: 'stored'; readonly revision: bigint; readonly position: bigint }
  | { readonly kind: 'wrong'; readonly actual: bigint }
  | { readonly kind: 'deleted' };

interface StreamState {
  readonly records: LogRecord[];
  isTombstoned: boolean;
}

interface Retention {
  readonly truncateBefore: bigint;
  readonly maxCount: number;
}

const isMetadataStream = (name: string): boolean => name.startsWith('$$');

const bytesOf = ({ type, data, metadata }: Proposed): bigint => BigInt(80 + 2 * type.length + data.length + metadata.length);

/** All events of a server, and the rules by which it takes and shows them. */
export class EventLog {
  /** The first one is no event, but counts when the log is looked through. */
  readonly records: (LogRecord | null)[] = [null];
  private readonly streams = new Map<string, StreamState>();
  private readonly listeners = new Set<() => void>();
  private end = 548n;

  constructor() {
    this.add('$$$scavenges', [
      { id: randomUUID(), type: '$metadata', isJson: true, data: Buffer.from('{"$maxAge":2592000}'), metadata: Buffer.alloc(0) },
    ]);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  last(stream: string): bigint {
    return this.streams.get(stream)?.records.at(-1)?.revision ?? noStream;
  }

  isTombstoned(stream: string): boolean {
    const name = isMetadataStream(stream) ? stream.slice(2) : stream;
    return this.streams.get(name)?.isTombstoned === true;
  }

  isHidden(stream: string): boolean {
    return this.retention(stream).truncateBefore === lastRevision;
  }

  has(stream: string): boolean {
    return this.streams.has(stream) && !this.isHidden(stream);
  }

  /** What readers of the stream get to see. */
  visible(stream: string): readonly LogRecord[] {
    const { truncateBefore, maxCount } = this.retention(stream);
    const records = (this.streams.get(stream)?.records ?? []).filter(({ revision }) => revision >= truncateBefore);
    return records.slice(Math.max(0, records.length - maxCount));
  }

  append(stream: string, expected: Expected, events: readonly Proposed[]): WriteResult {
    if (this.isTombstoned(stream)) return { kind: 'deleted' };
    const last = this.last(stream);
    const isHidden = this.isHidden(stream);
    if (expected === streamExists && (last === noStream || isHidden))
      return isHidden ? { kind: 'deleted' } : { kind: 'wrong', actual: last };
    const earlier = this.repeated(stream, expected, events);
    if (earlier === 'partly') return { kind: 'wrong', actual: last };
    if (earlier) return { kind: 'stored', revision: earlier.revision, position: earlier.position };
    const isRevived = isHidden && expected === noStream;
    if (expected >= noStream && expected !== last && !isRevived) return { kind: 'wrong', actual: last };
    const position = this.add(stream, events);
    if (isHidden) this.setTruncateBefore(stream, last + 1n);
    this.changed();
    return { kind: 'stored', revision: this.last(stream), position };
  }

  delete(stream: string, expected: Expected): WriteResult {
    const refused = this.refusal(stream, expected);
    if (refused) return refused;
    if (this.last(stream) === noStream) return { kind: 'wrong', actual: noStream };
    const position = this.setTruncateBefore(stream, lastRevision);
    this.changed();
    return { kind: 'stored', revision: this.last(stream), position };
  }

  tombstone(stream: string, expected: Expected): WriteResult {
    const refused = this.refusal(stream, expected);
    if (refused) return refused;
    const deleted = { id: randomUUID(), type: '$streamDeleted', isJson: false, data: Buffer.alloc(0), metadata: Buffer.alloc(0) };
    const position = this.add(stream, [deleted], lastRevision);
    this.state(stream).isTombstoned = true;
    this.changed();
    return { kind: 'stored', revision: lastRevision, position };
  }

  private refusal(stream: string, expected: Expected): WriteResult | null {
    if (this.isTombstoned(stream)) return { kind: 'deleted' };
    const last = this.last(stream);
    const fits = expected === any || (expected === streamExists ? last !== noStream : expected === last);
    return fits ? null : { kind: 'wrong', actual: last };
  }

  /** The last of events that are stored already, as a whole and at the place that the expectation names; `partly` for a mixture. */
  private repeated(stream: string, expected: Expected, events: readonly Proposed[]): LogRecord | 'partly' | null {
    const records = this.streams.get(stream)?.records ?? [];
    const stored = events.map(({ id }, index) =>
      expected >= noStream ? records[Number(expected) + 1 + index] : records.findLast((one) => one.id === id),
    );
    const missing = stored.findIndex((record, index) => record?.id !== events[index]?.id);
    if (events.length === 0 || missing === 0) return null;
    return missing > 0 ? 'partly' : (stored.at(-1) ?? null);
  }

  private retention(stream: string): Retention {
    const all = { truncateBefore: 0n, maxCount: isMetadataStream(stream) ? 1 : Infinity };
    const last = this.streams.get(`$$${stream}`)?.records.at(-1);
    if (!last?.isJson) return all;
    try {
      // The largest revision would lose its last digits as a JavaScript number.
      const text = Buffer.from(last.data).toString();
      const before = /"\$tb":(\d+)/.exec(text)?.[1];
      const parsed = JSON.parse(text) as Readonly<Record<string, unknown>>;
      const count = parsed['$maxCount'];
      return { truncateBefore: BigInt(before ?? 0), maxCount: typeof count === 'number' ? count : all.maxCount };
    } catch {
      return all;
    }
  }

  private setTruncateBefore(stream: string, revision: bigint): bigint {
    const data = Buffer.from(`{"$tb":${revision}}`);
    return this.add(`$$${stream}`, [{ id: randomUUID(), type: '$metadata', isJson: true, data, metadata: Buffer.alloc(0) }]);
  }

  private state(stream: string): StreamState {
    const state = this.streams.get(stream) ?? { records: [], isTombstoned: false };
    this.streams.set(stream, state);
    return state;
  }

  /** Answers the position of the last one. A write without events takes a place in the log too. */
  private add(stream: string, events: readonly Proposed[], at?: bigint): bigint {
    let position = this.end;
    if (events.length === 0) this.end += 92n;
    for (const event of events) {
      const { records } = this.state(stream);
      const revision = at ?? (records.at(-1)?.revision ?? noStream) + 1n;
      position = this.end;
      const record = { ...event, stream, revision, position, created: BigInt(Date.now()) * 10_000n };
      records.push(record);
      this.records.push(record);
      this.end += bytesOf(event);
    }
    return position;
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
