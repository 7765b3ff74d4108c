import { nameOf, readUuid, shared, streams, type Uuid } from '../protocol.js';
import { labelOf } from './requests.js';
import type { Message, RecordedMethod } from './transcript.js';

const labelled = (uuid: Uuid | undefined): string | undefined => {
  const id = readUuid(uuid);
  if (uuid && id === undefined) return uuid.getString();
  return id ? `${uuid?.hasStructured() ? 'structured ' : ''}${labelOf(id)}` : undefined;
};

const positionOf = (position: { getCommitPosition(): string; getPreparePosition(): string } | undefined): string | undefined => {
  if (!position) return undefined;
  const [commit, prepare] = [position.getCommitPosition(), position.getPreparePosition()];
  return commit === prepare ? commit : `${commit}/${prepare}`;
};

const payload = (bytes: Uint8Array): unknown => {
  if (bytes.length > 16_384) return { bytes: bytes.length };
  const text = Buffer.from(bytes).toString();
  return Buffer.from(text).equals(bytes) ? text : { base64: Buffer.from(bytes).toString('base64') };
};

const given = (message: Message): Message => Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined));

interface Refusal {
  hasExpectedNoStream(): boolean;
  hasExpectedAny(): boolean;
  hasExpectedStreamExists(): boolean;
}

const expectedOf = (wrong: Refusal | undefined): string | undefined => {
  if (wrong?.hasExpectedNoStream()) return 'no stream';
  if (wrong?.hasExpectedAny()) return 'any';
  return wrong?.hasExpectedStreamExists() ? 'exists' : undefined;
};

const appendAnswer = (bytes: Uint8Array): Message => {
  const answer = streams.AppendResp.deserializeBinary(bytes);
  const success = answer.getSuccess();
  if (success) return { revision: success.hasNoStream() ? 'none' : success.getCurrentRevision(), at: positionOf(success.getPosition()) };
  const wrong = answer.getWrongExpectedVersion();
  return {
    current: wrong?.hasCurrentNoStream() ? 'none' : wrong?.getCurrentRevision(),
    expected: expectedOf(wrong) ?? wrong?.getExpectedRevision(),
  };
};

const detailsOf = (name: string, value: Uint8Array): Message => {
  if (name === 'BadRequest') return { words: shared.BadRequest.deserializeBinary(value).getMessage() };
  if (name === 'MaximumAppendSizeExceeded')
    return { words: String(shared.MaximumAppendSizeExceeded.deserializeBinary(value).getMaxappendsize()) };
  if (name !== 'WrongExpectedVersion') return {};
  const wrong = shared.WrongExpectedVersion.deserializeBinary(value);
  return {
    current: wrong.hasCurrentNoStream() ? 'none' : wrong.getCurrentStreamRevision(),
    expected: expectedOf(wrong) ?? wrong.getExpectedStreamPosition(),
  };
};

const batchAnswer = (bytes: Uint8Array): Message => {
  const answer = streams.BatchAppendResp.deserializeBinary(bytes);
  const [success, error] = [answer.getSuccess(), answer.getError()];
  const about = { batch: labelled(answer.getCorrelationId()), stream: nameOf(answer.getStreamIdentifier()) };
  if (success) {
    const revision = success.hasNoStream() ? 'none' : success.getCurrentRevision();
    return given({ ...about, revision, at: positionOf(success.getPosition()) });
  }
  const details = error?.getDetails();
  const name = details?.getTypeName().split('.').at(-1) ?? '';
  const said = { error: error?.getMessage(), code: error?.getCode() };
  return given({ ...about, ...said, ...detailsOf(name, details?.getValue_asU8() ?? Buffer.alloc(0)) });
};

const eventOf = (recorded: InstanceType<(typeof streams)['ReadResp']['ReadEvent']['RecordedEvent']>): Message => {
  const fields = recorded.getMetadataMap();
  const [type, contentType] = [fields.get('type'), fields.get('content-type')];
  const stream = nameOf(recorded.getStreamIdentifier()) ?? '';
  const metadata = payload(recorded.getCustomMetadata_asU8());
  const id = labelled(recorded.getId());
  return given({
    event: `${stream}@${recorded.getStreamRevision()}`,
    id: id?.endsWith('*') ? undefined : id,
    type,
    contentType: contentType === 'application/json' ? undefined : contentType,
    data: stream === '$$$scavenges' ? '…' : payload(recorded.getData_asU8()),
    metadata: metadata === '' ? undefined : metadata,
    at: positionOf(recorded),
  });
};

const readAnswer = (bytes: Uint8Array): Message => {
  const answer = streams.ReadResp.deserializeBinary(bytes);
  const recorded = answer.getEvent()?.getEvent();
  if (recorded) return eventOf(recorded);
  if (answer.hasConfirmation()) return { confirmed: true };
  if (answer.hasCaughtUp()) return { caughtUp: true };
  if (answer.hasCheckpoint()) return { checkpoint: positionOf(answer.getCheckpoint()) };
  return { notFound: nameOf(answer.getStreamNotFound()?.getStreamIdentifier()) };
};

/** Answers in the words of the recordings. */
export const answers: Record<RecordedMethod, (bytes: Uint8Array) => Message> = {
  append: appendAnswer,
  batchAppend: batchAnswer,
  read: readAnswer,
  delete: (bytes) => ({ at: positionOf(streams.DeleteResp.deserializeBinary(bytes).getPosition()) }),
  tombstone: (bytes) => ({ at: positionOf(streams.TombstoneResp.deserializeBinary(bytes).getPosition()) }),
};
