import { empty, streamIdentifier, streams, writeUuid } from '../protocol.js';
import type { Message, RecordedMethod } from './transcript.js';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const uuidOf = (label: string): string => {
  const number = /^[ec](\d+)$/.exec(label)?.[1];
  return number ? `${label.startsWith('e') ? '0e' : '0c'}000000-0000-4000-8000-${number.padStart(12, '0')}` : label;
};

export const writeLabel = (label: string) => writeUuid(uuidOf(label.replace('structured ', '')), label.startsWith('structured '));

/** The other way: the label of an id that a recording has. */
export const labelOf = (id: string): string => {
  const [, kind, number] = /^0([ec])000000-0000-4000-8000-0*(\d+)$/.exec(id) ?? [];
  return kind && number ? `${kind}${number}` : '*';
};

export const bytesOf = (value: unknown): Uint8Array => {
  if (typeof value === 'string') return Buffer.from(value);
  const { bytes, base64 } = (value ?? {}) as { readonly bytes?: number; readonly base64?: string };
  return bytes === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.alloc(bytes, 'x');
};

interface Expecting {
  setNoStream(value: ReturnType<typeof empty>): unknown;
  setAny(value: ReturnType<typeof empty>): unknown;
  setStreamExists(value: ReturnType<typeof empty>): unknown;
}

const expect = (options: Expecting, expected: unknown, setRevision: (revision: string) => unknown): void => {
  if (expected === 'no stream') options.setNoStream(empty());
  else if (expected === 'any') options.setAny(empty());
  else if (expected === 'exists') options.setStreamExists(empty());
  else if (expected !== 'nothing') setRevision(text(expected));
};

const propose = <
  M extends
    InstanceType<(typeof streams)['AppendReq']['ProposedMessage']> | InstanceType<(typeof streams)['BatchAppendReq']['ProposedMessage']>,
>(
  message: M,
  { id, type, contentType = 'application/json', data, metadata }: Message,
): M => {
  if (id !== undefined) message.setId(writeLabel(text(id)));
  const fields = message.getMetadataMap();
  if (type !== undefined) fields.set('type', text(type));
  if (contentType !== null) fields.set('content-type', text(contentType));
  message.setData(bytesOf(data));
  message.setCustomMetadata(bytesOf(metadata ?? ''));
  return message;
};

const append = (message: Message) => {
  const { AppendReq } = streams;
  if (!('expect' in message)) return new AppendReq().setProposedMessage(propose(new AppendReq.ProposedMessage(), message));
  const options = new AppendReq.Options().setStreamIdentifier(streamIdentifier(text(message['stream'])));
  expect(options, message['expect'], (revision) => options.setRevision(revision));
  return new AppendReq().setOptions(options);
};

const batchAppend = ({ batch, stream, expect: expected, deadline, events, final }: Message, soonMillis: number) => {
  const { BatchAppendReq } = streams;
  const request = new BatchAppendReq().setIsFinal(final === true);
  if (batch !== undefined) request.setCorrelationId(writeLabel(text(batch)));
  if (expected !== undefined) {
    const options = new BatchAppendReq.Options();
    if (stream !== undefined) options.setStreamIdentifier(streamIdentifier(text(stream)));
    expect(options, expected, (revision) => options.setStreamPosition(revision));
    if (deadline !== undefined) options.setDeadline(timestamp(deadline === 'past' ? 1e12 : Date.now() + soonMillis));
    request.setOptions(options);
  }
  const messages = (events as readonly Message[]).map((event) => propose(new BatchAppendReq.ProposedMessage(), event));
  return request.setProposedMessagesList(messages);
};

const timestamp = (millis: number) => {
  const options = streams.BatchAppendReq.Options.deserializeBinary(Buffer.from([0x32, 0x00]));
  const stamp = options.getDeadline();
  if (!stamp) throw new Error('the field of the deadline has moved');
  stamp.setSeconds(Math.floor(millis / 1_000));
  stamp.setNanos(Math.round(millis % 1_000) * 1_000_000);
  return stamp;
};

const remove = (kind: 'delete' | 'tombstone', { stream, expect: expected }: Message) => {
  const { DeleteReq, TombstoneReq } = streams;
  const identifier = streamIdentifier(text(stream));
  if (kind === 'delete') {
    const options = new DeleteReq.Options().setStreamIdentifier(identifier);
    expect(options, expected, (revision) => options.setRevision(revision));
    return new DeleteReq().setOptions(options);
  }
  const options = new TombstoneReq.Options().setStreamIdentifier(identifier);
  expect(options, expected, (revision) => options.setRevision(revision));
  return new TombstoneReq().setOptions(options);
};

const filterOf = ({ on, prefixes = [], regex = '', max, every }: Message) => {
  const { FilterOptions } = streams.ReadReq.Options;
  const expression = new FilterOptions.Expression().setPrefixList(prefixes as string[]).setRegex(text(regex));
  const filter = new FilterOptions().setCheckpointintervalmultiplier(Number(every));
  if (on === 'stream') filter.setStreamIdentifier(expression);
  else filter.setEventType(expression);
  return typeof max === 'number' ? filter.setMax(max) : filter.setCount(empty());
};

const read = (message: Message, position: (recorded: string) => string) => {
  const { Options } = streams.ReadReq;
  const { stream, from, backwards, subscribe, count = String(Number.MAX_SAFE_INTEGER), filter, structuredIds } = message;
  if (from === undefined) return new streams.ReadReq();
  const uuids = new Options.UUIDOption();
  const options = new Options().setUuidOption(structuredIds ? uuids.setStructured(empty()) : uuids.setString(empty()));
  options.setReadDirection(backwards ? Options.ReadDirection.BACKWARDS : Options.ReadDirection.FORWARDS);
  if (subscribe) options.setSubscription(new Options.SubscriptionOptions());
  else if (count !== 'none') options.setCount(text(count));
  if (filter) options.setFilter(filterOf(filter as Message));
  else options.setNoFilter(empty());
  const start =
    stream === undefined ? new Options.AllOptions() : new Options.StreamOptions().setStreamIdentifier(streamIdentifier(text(stream)));
  if (from === 'start') start.setStart(empty());
  else if (from === 'end') start.setEnd(empty());
  else if (start instanceof Options.StreamOptions) start.setRevision(text(from));
  else {
    const [commit = '', prepare = commit] = text(from).split('/');
    start.setPosition(new Options.Position().setCommitPosition(position(commit)).setPreparePosition(position(prepare)));
  }
  if (start instanceof Options.StreamOptions) options.setStream(start);
  else options.setAll(start);
  return new streams.ReadReq().setOptions(options);
};

export interface Replaying {
  /** A position of this server for one of the recording. */
  readonly position: (recorded: string) => string;
  /** What a recorded deadline of a second means here. */
  readonly soonMillis: number;
}

const appends = (message: Message): readonly Uint8Array[] => {
  const { times, id, data } = message;
  if (typeof times !== 'number') return [append(message).serializeBinary()];
  const first = Number(text(id).slice(1));
  const numbered = (index: number) => ({ ...message, id: `e${first + index}`, data: text(data).replace('#', String(index)) });
  return Array.from({ length: times }, (_, index) => append(numbered(index)).serializeBinary());
};

type Builder = (message: Message, replaying: Replaying) => readonly Uint8Array[];

/** Recorded requests as bytes; several for a run of events. */
export const requests: Record<RecordedMethod, Builder> = {
  append: appends,
  batchAppend: (message, { soonMillis }) => [batchAppend(message, soonMillis).serializeBinary()],
  delete: (message) => [remove('delete', message).serializeBinary()],
  tombstone: (message) => [remove('tombstone', message).serializeBinary()],
  read: (message, { position }) => [read(message, position).serializeBinary()],
};
