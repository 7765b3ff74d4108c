import { openDatabase } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventStore, Position } from '../event-store.js';
import { UnknownPosition } from '../event-store.js';
import { followUntil, newEvent, newPrefix, newStream } from '../testing/samples.js';
import { openPostgresEventStore } from './index.js';

let server: TestDatabase;
let store: EventStore;

beforeAll(async () => {
  server = await createTestDatabase();
  store = await openPostgresEventStore({ url: server.url, applicationName: 'spec' });
});
afterAll(async () => {
  await store.close();
  await server.drop();
});

const onTables = async <T>(statement: string): Promise<readonly T[]> => {
  const database = await openDatabase({ url: server.url, schema: 'event_store', applicationName: 'spec' });
  try {
    return (await database.query(statement)) as readonly T[];
  } finally {
    await database.close();
  }
};

describe('the tables of the event store', () => {
  it('let nobody change or take away what happened', async () => {
    await store.append({ stream: newStream(), expected: 'no-stream', events: [newEvent()] });
    for (const statement of ["UPDATE event SET type = 'other'", 'DELETE FROM event', 'TRUNCATE event']) {
      await expect(onTables(statement)).rejects.toThrow('only ever added');
    }
  });

  it('number events without gaps, whatever was refused', async () => {
    const stream = newStream();
    for (const expected of ['no-stream', 5, 'no-stream', 0, 3] as const) {
      await store.appendMany([
        { stream, expected, events: [newEvent(), newEvent()] },
        { stream: newStream(), expected, events: [newEvent()] },
      ]);
    }
    const [row] = await onTables(
      'SELECT count(*)::int AS events, max(position)::int AS last, (SELECT position::int FROM head) AS head FROM event',
    );
    expect(row).toEqual({ events: 5, last: 5, head: 5 });
  });

  it('do not take a position behind their last event for one of theirs: a restored backup has lost it', async () => {
    const follow = followUntil(store, { after: 'postgres:1000000' as Position, streamPrefixes: [newPrefix()] }, () => true);
    await expect(follow).rejects.toBeInstanceOf(UnknownPosition);
  });
});
