import { CallFailed, handlerThrew, type GrpcCall } from './grpc-call.js';
import { any, noStream, streamExists, type EventLog, type Expected, type Proposed, type WriteResult } from './event-log.js';
import { empty, nameOf, readUuid, streams, type Uuid } from './protocol.js';
import type { Edition } from './edition.js';

type Append = InstanceType<(typeof streams)['AppendReq']>;
type Options = InstanceType<(typeof streams)['AppendReq']['Options']>;
type Message = InstanceType<(typeof streams)['AppendReq']['ProposedMessage']>;

export const streamDeleted = (stream: string): CallFailed =>
  new CallFailed(9, `Event stream '${stream}' is deleted.`, { exception: 'stream-deleted', 'stream-name': stream });

const jsonType = 'application/json';

/** An event without what every event must have is answered differently by the two ways to append. */
export type Flaw = 'no type' | 'no content type' | 'empty type' | 'no id' | 'bad id';

export const proposedFrom = (
  id: Uuid | undefined,
  fields: Map<string, string>,
  data: Uint8Array,
  metadata: Uint8Array,
): Proposed | Flaw => {
  const uuid = readUuid(id);
  const type = fields.get('type');
  const contentType = fields.get('content-type');
  if (uuid === null) return 'no id';
  if (uuid === undefined) return 'bad id';
  if (type === undefined) return 'no type';
  if (contentType === undefined) return 'no content type';
  if (type === '') return 'empty type';
  return { id: uuid, type, isJson: contentType === jsonType, data, metadata };
};

export const fieldsOf = (message: {
  getMetadataMap(): { forEach(each: (value: string, key: string) => void): void };
}): Map<string, string> => {
  const fields = new Map<string, string>();
  message.getMetadataMap().forEach((value, key) => fields.set(key, value));
  return fields;
};

const propose = (message: Message): Proposed => {
  const proposed = proposedFrom(message.getId(), fieldsOf(message), message.getData_asU8(), message.getCustomMetadata_asU8());
  if (typeof proposed !== 'string') return proposed;
  if (proposed !== 'no type' && proposed !== 'no content type') throw handlerThrew();
  const property = proposed === 'no type' ? 'type' : 'content-type';
  throw new CallFailed(3, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });
};

const expectedOf = (options: Options): Expected => {
  if (options.hasRevision()) return BigInt.asIntN(64, BigInt(options.getRevision()));
  if (options.hasNoStream()) return noStream;
  if (options.hasAny()) return any;
  if (options.hasStreamExists()) return streamExists;
  throw new CallFailed(3, "'None' is not a valid EventStore.Client.Streams.AppendReq+Types+Options+ExpectedStreamRevisionOneofCase");
};

export const sizeOf = (events: readonly Proposed[]): number =>
  events.reduce((sum, { type, data, metadata }) => sum + data.length + metadata.length + 2 * type.length, 0);

const answerTo = (expected: Expected, result: Exclude<WriteResult, { kind: 'deleted' }>) => {
  const answer = new streams.AppendResp();
  if (result.kind === 'stored') {
    const success = new streams.AppendResp.Success();
    if (result.revision === noStream) success.setNoStream(empty());
    else success.setCurrentRevision(String(result.revision));
    const position = new streams.AppendResp.Position()
      .setCommitPosition(String(result.position))
      .setPreparePosition(String(result.position));
    return answer.setSuccess(success.setPosition(position));
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (result.actual === noStream) wrong.setCurrentNoStream(empty());
  else wrong.setCurrentRevision(String(result.actual));
  if (expected >= 0n) wrong.setExpectedRevision(String(expected));
  else if (expected === noStream) wrong.setExpectedNoStream(empty());
  else if (expected === streamExists) wrong.setExpectedStreamExists(empty());
  else wrong.setExpectedAny(empty());
  return answer.setWrongExpectedVersion(wrong);
};

/** One append a call: options first, then the events. */
export const appendHandler =
  (log: EventLog, { maxAppendBytes }: Edition) =>
  async (call: GrpcCall): Promise<void> => {
    let options: Options | undefined;
    const events: Proposed[] = [];
    for await (const bytes of call.messages()) {
      const message: Append = streams.AppendReq.deserializeBinary(bytes);
      const event = message.getProposedMessage();
      if (!options) options = message.getOptions();
      else if (event) events.push(propose(event));
      if (!options) throw handlerThrew();
    }
    if (call.isOver) return;
    if (!options) throw handlerThrew();
    const stream = nameOf(options.getStreamIdentifier());
    const expected = expectedOf(options);
    if (!stream) throw handlerThrew();
    if (sizeOf(events) > maxAppendBytes) {
      throw new CallFailed(3, `Maximum Append Size of ${maxAppendBytes} Exceeded.`, {
        exception: 'maximum-append-size-exceeded',
        'maximum-append-size': String(maxAppendBytes),
      });
    }
    const result = log.append(stream, expected, events);
    if (result.kind === 'deleted') throw streamDeleted(stream);
    await call.send(answerTo(expected, result).serializeBinary());
  };
