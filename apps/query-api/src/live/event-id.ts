import type { ChangePlace } from '@scheduled-scripts/read-model';

/** Up to which row a client has been told, in which generation of the read model: nothing of it is kept in memory. */
export interface EventPlace extends ChangePlace {
  readonly generation: string;
}

/** Of a row. */
export const eventId = ({ generation, position, id }: EventPlace): string => `${generation}-${position}-${id}`;

/** Of the resource, which is told between rows: the place to go on from, and what was told, for a client that drops ids that it has seen. */
export const resourceEventId = (place: EventPlace, entityTag: string): string => `${eventId(place)}-${entityTag.slice(1, -1)}`;

const form = /^(\d{1,10}\.[0-9a-z]{1,12})-(\d{1,9})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-\d{1,10}-[\w-]{22})?$/;

/** Undefined for what we never gave: its sender is told everything. */
export const parseEventId = (text: string | undefined): EventPlace | undefined => {
  const [, generation, position, id] = form.exec(text ?? '') ?? [];
  return generation !== undefined && id !== undefined ? { generation, position: Number(position), id } : undefined;
};
