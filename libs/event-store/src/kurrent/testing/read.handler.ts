import { streamDeleted } from './append.handler.js';
import type { Edition } from './edition.js';
import type { EventLog, LogRecord } from './event-log.js';
import { CallFailed, handlerThrew, type GrpcCall } from './grpc-call.js';
import { nameOf, streamIdentifier, streams, writeUuid } from './protocol.js';

export type ReadOptions = InstanceType<(typeof streams)['ReadReq']['Options']>;
export type StreamOptions = InstanceType<(typeof streams)['ReadReq']['Options']['StreamOptions']>;
export type AllOptions = InstanceType<(typeof streams)['ReadReq']['Options']['AllOptions']>;

const { ReadResp } = streams;

/** Of what a server holds, what a reader wants to see. */
export type Filter = (record: LogRecord) => boolean;

export const filterOf = (options: ReadOptions): Filter => {
  const filter = options.getFilter();
  if (!filter) return () => true;
  const expression = filter.getStreamIdentifier() ?? filter.getEventType();
  const subject = filter.hasEventType() ? ({ type }: LogRecord) => type : ({ stream }: LogRecord) => stream;
  const prefixes = expression?.getPrefixList() ?? [];
  const regex = new RegExp(expression?.getRegex() ?? '', 'u');
  return (record) => (prefixes.length > 0 ? prefixes.some((prefix) => subject(record).startsWith(prefix)) : regex.test(subject(record)));
};

export const eventAnswer = (record: LogRecord, options: ReadOptions): Uint8Array => {
  const isStructured = options.getUuidOption()?.hasStructured() === true;
  const recorded = new ReadResp.ReadEvent.RecordedEvent()
    .setId(writeUuid(record.id, isStructured))
    .setStreamIdentifier(streamIdentifier(record.stream))
    .setStreamRevision(String(record.revision))
    .setCommitPosition(String(record.position))
    .setPreparePosition(String(record.position))
    .setCustomMetadata(record.metadata)
    .setData(record.data);
  const fields = recorded.getMetadataMap();
  fields.set('type', record.type);
  fields.set('created', String(record.created));
  fields.set('content-type', record.isJson ? 'application/json' : 'application/octet-stream');
  const event = new ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(String(record.position));
  return new ReadResp().setEvent(event).serializeBinary();
};

/** Where a position stands in the log: at a record, behind the last one, or nowhere. */
export const indexOf = (log: EventLog, commit: bigint): number | 'behind the end' | 'nowhere' => {
  const last = log.records.at(-1)?.position ?? 0n;
  if (commit > last) return 'behind the end';
  const index = log.records.findIndex((record) => (record?.position ?? 0n) === commit);
  return index < 0 ? 'nowhere' : index;
};

const pageOfStream = (log: EventLog, stream: StreamOptions, isBackwards: boolean, edition: Edition): readonly LogRecord[] => {
  const name = nameOf(stream.getStreamIdentifier()) ?? '';
  const visible = log.visible(name);
  if (!isBackwards) {
    if (stream.hasEnd()) throw new CallFailed(2, edition.words.fromEndForwards);
    const from = stream.hasRevision() ? BigInt(stream.getRevision()) : 0n;
    return visible.filter(({ revision }) => revision >= from);
  }
  const from = stream.hasRevision() ? BigInt(stream.getRevision()) : stream.hasStart() ? 0n : null;
  return visible.filter(({ revision }) => from === null || revision <= from).toReversed();
};

const pageOfAll = (log: EventLog, all: AllOptions, isBackwards: boolean, edition: Edition): readonly LogRecord[] => {
  const records = log.records.filter((record) => record !== null);
  const position = all.getPosition();
  if (!position) return isBackwards === all.hasEnd() ? (isBackwards ? records.toReversed() : records) : [];
  const [commit, prepare] = [BigInt(position.getCommitPosition()), BigInt(position.getPreparePosition())];
  if (prepare > commit) throw handlerThrew();
  if (indexOf(log, commit) === 'nowhere') throw new CallFailed(2, edition.words.badPosition(commit));
  if (isBackwards) return records.filter((record) => record.position < commit).toReversed();
  return records.filter((record) => record.position >= commit);
};

/** A read that ends. */
export const read = async (log: EventLog, edition: Edition, call: GrpcCall, options: ReadOptions): Promise<void> => {
  const [stream, all] = [options.getStream(), options.getAll()];
  const isBackwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  if (!options.hasCount()) {
    const parts = [stream ? 'Stream' : 'All', 'None', isBackwards ? 'Backwards' : 'Forwards', options.hasFilter() ? 'Filter' : 'NoFilter'];
    throw new CallFailed(3, `The combination of (${parts.join(', ')}) is invalid.`);
  }
  const count = Number(options.getCount());
  if (count === 0) throw new CallFailed(2, edition.words.badCount);
  if (stream) {
    const name = nameOf(stream.getStreamIdentifier());
    if (!name) throw handlerThrew();
    if (log.isTombstoned(name)) throw streamDeleted(name);
    if (!log.has(name)) {
      const notFound = new ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(name));
      return call.send(new ReadResp().setStreamNotFound(notFound).serializeBinary());
    }
  }
  const matches = filterOf(options);
  const page = stream ? pageOfStream(log, stream, isBackwards, edition) : all ? pageOfAll(log, all, isBackwards, edition) : [];
  for (const record of page.filter(matches).slice(0, count)) await call.send(eventAnswer(record, options));
};
