import { v4, v7 } from 'uuid';
import type { EventStore, FollowedBatch, FollowOptions, NewEvent, Position, RecordedEvent } from '../event-store.js';

/** A prefix that no other test has. */
export const newPrefix = (): string => `contract${v4().replaceAll('-', '')}-`;

export const newStream = (prefix = newPrefix()): string => `${prefix}${v7()}`;

export const newEvent = (data: Readonly<Record<string, unknown>> = { some: 'data' }): NewEvent => ({
  id: v7(),
  type: 'something.happened.v1',
  data,
  metadata: {
    organizationId: 'org_1',
    actor: 'service:contract',
    at: '2026-01-01T00:00:00.000001Z',
    correlationId: v7(),
    causationId: v7(),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
});

export const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);

/** Where the log ends now: a server that others use, too, has a long past. */
export const here = async (store: EventStore): Promise<Position> => {
  const stream = newStream();
  await appendInTurn(store, stream, 1);
  const [event] = await store.read(stream);
  if (!event) throw new Error('what was appended is not there');
  return event.position;
};

/** Appends one event after another, each with the revision before. */
export const appendInTurn = async (store: EventStore, stream: string, count: number): Promise<readonly NewEvent[]> => {
  const events = Array.from({ length: count }, (_, number) => newEvent({ number }));
  for (const [index, event] of events.entries()) {
    const outcome = await store.append({ stream, expected: index === 0 ? 'no-stream' : index - 1, events: [event] });
    if (!outcome.ok) throw new Error(`somebody else wrote to ${stream}`);
  }
  return events;
};

/** Follows until `enough` holds of what has come; what came by a deadline otherwise. */
export const followUntil = async (
  store: EventStore,
  options: Omit<FollowOptions, 'signal'>,
  enough: (events: readonly RecordedEvent[], batch: FollowedBatch) => boolean,
): Promise<{ readonly events: readonly RecordedEvent[]; readonly batches: readonly FollowedBatch[] }> => {
  const stop = new AbortController();
  const deadline = setTimeout(() => stop.abort(), 30_000);
  const events: RecordedEvent[] = [];
  const batches: FollowedBatch[] = [];
  try {
    for await (const batch of store.follow({ ...options, signal: stop.signal })) {
      batches.push(batch);
      events.push(...batch.events);
      if (enough(events, batch)) break;
    }
    return { events, batches };
  } finally {
    clearTimeout(deadline);
  }
};
