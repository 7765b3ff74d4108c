import type { EventMetadata, Position, RecordedEvent } from '../event-store.js';

export const columns = 'position, stream, revision, id, type, data, metadata';

export type EventRow = Readonly<{
  position: string;
  stream: string;
  revision: number;
  id: string;
  type: string;
  data: Record<string, unknown>;
  metadata: EventMetadata;
}>;

/** Marked, so that the position of another kind of store is not taken for one of ours. */
const mark = 'postgres:';

export const positionOf = (number: string): Position => `${mark}${number}` as Position;

export const numberOf = (position: Position): string | null => {
  const number = position.slice(mark.length);
  return position.startsWith(mark) && /^\d{1,18}$/.test(number) ? number : null;
};

export const recordedEvent = ({ position, stream, revision, id, type, data, metadata }: EventRow): RecordedEvent => ({
  position: positionOf(position),
  stream,
  revision,
  id,
  type,
  data,
  metadata,
});
