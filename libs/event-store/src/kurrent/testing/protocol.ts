import { createRequire } from 'node:module';

type Shared = typeof import('@eventstore/db-client/generated/shared_pb.js');
type Streams = typeof import('@eventstore/db-client/generated/streams_pb.js');
type Codes = typeof import('@eventstore/db-client/generated/code_pb.js');
type Status = typeof import('@eventstore/db-client/generated/status_pb.js');
type Features = typeof import('@eventstore/db-client/generated/serverfeatures_pb.js');
type Gossip = typeof import('@eventstore/db-client/generated/gossip_pb.js');
type AnyMessage = typeof import('google-protobuf/google/protobuf/any_pb.js');

/** Generated for CommonJS, with exports that no import statement can name. */
const load = createRequire(import.meta.url);
const generated = '@eventstore/db-client/generated';

/** The messages of the protocol, as the client has them. */
export const shared = load(`${generated}/shared_pb.js`) as Shared;
export const streams = load(`${generated}/streams_pb.js`) as Streams;
export const { Code } = load(`${generated}/code_pb.js`) as Codes;
export const rpcStatus = load(`${generated}/status_pb.js`) as Status;
export const features = load(`${generated}/serverfeatures_pb.js`) as Features;
export const gossip = load(`${generated}/gossip_pb.js`) as Gossip;
export const { Any } = load('google-protobuf/google/protobuf/any_pb.js') as AnyMessage;

export type Uuid = InstanceType<Shared['UUID']>;
export type StreamIdentifier = InstanceType<Shared['StreamIdentifier']>;

const service = 'event_store.client';

export const paths = {
  read: `/${service}.streams.Streams/Read`,
  append: `/${service}.streams.Streams/Append`,
  batchAppend: `/${service}.streams.Streams/BatchAppend`,
  delete: `/${service}.streams.Streams/Delete`,
  tombstone: `/${service}.streams.Streams/Tombstone`,
  features: `/${service}.server_features.ServerFeatures/GetSupportedMethods`,
  gossip: `/${service}.gossip.Gossip/Read`,
} as const;

export type MethodName = keyof typeof paths;

export const empty = () => new shared.Empty();

export const streamIdentifier = (name: string): StreamIdentifier => new shared.StreamIdentifier().setStreamName(Buffer.from(name));

export const nameOf = (identifier: StreamIdentifier | undefined): string | undefined =>
  identifier && Buffer.from(identifier.getStreamName_asU8()).toString();

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** `null`: not given; `undefined`: not readable. */
export const readUuid = (uuid: Uuid | undefined): string | null | undefined => {
  if (!uuid) return null;
  const structured = uuid.getStructured();
  if (!structured) return isUuid(uuid.getString()) ? uuid.getString() : undefined;
  const halves = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()];
  const hex = halves.map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

export const writeUuid = (id: string, isStructured: boolean): Uuid => {
  if (!isStructured) return new shared.UUID().setString(id);
  const hex = id.replaceAll('-', '');
  const half = (from: number) => BigInt.asIntN(64, BigInt(`0x${hex.slice(from, from + 16)}`)).toString();
  const structured = new shared.UUID.Structured().setMostSignificantBits(half(0)).setLeastSignificantBits(half(16));
  return new shared.UUID().setStructured(structured);
};
