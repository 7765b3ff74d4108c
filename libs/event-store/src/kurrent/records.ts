import type { RecordedEvent as StoredEvent } from '@eventstore/db-client';
import type { EventMetadata, Position, RecordedEvent } from '../event-store.js';
import { ForeignEvent } from './failures.js';

/** A place in the server's log. A checkpoint may have a prepare of 0: no event that we follow stands there. */
export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** Marked, so that the position of another kind of store is not taken for one of ours. */
const form = /^kurrent:(\d{1,19})\/(\d{1,19})$/;

export const positionOf = ({ commit, prepare }: LogPosition): Position => `kurrent:${commit}/${prepare}` as Position;

export const logPositionOf = (position: Position): LogPosition | null => {
  const [, commit, prepare] = form.exec(position) ?? [];
  return commit === undefined || prepare === undefined ? null : { commit: BigInt(commit), prepare: BigInt(prepare) };
};

export const isAfter = (one: LogPosition, other: LogPosition | null): boolean =>
  other === null || one.commit > other.commit || (one.commit === other.commit && one.prepare > other.prepare);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** Throws `ForeignEvent` for one that no append of ours can have written. */
export const recordedEvent = ({ streamId, revision, id, type, data, metadata, position }: StoredEvent): RecordedEvent => {
  if (!position || !isObject(data) || !isObject(metadata)) throw new ForeignEvent(streamId, revision);
  return {
    position: positionOf(position),
    stream: streamId,
    revision: Number(revision),
    id,
    type,
    data,
    metadata: metadata as EventMetadata & typeof metadata,
  };
};
