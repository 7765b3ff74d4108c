import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import type { Messaging } from '../messaging.js';
import { openPostgresMessaging } from '../postgres/index.js';
import { eventually, numbered } from '../testing/index.js';
import { type Consumption, parkingConsumer, parkingMigrations } from './index.js';

const topic = 'things';
const group = 'consumer';

describe('a parking consumer', () => {
  let testDatabase: TestDatabase;
  let messaging: Messaging;
  let database: Database;
  let watched: Parameters<Consumption['watch']>[0] | undefined;
  let skipped = 0;
  const parked: string[] = [];
  /** How many rows there were, each time that somebody was woken. */
  const seen: number[] = [];

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    const { url } = testDatabase;
    messaging = await openPostgresMessaging({ url, clientId: 'parking-consumer' });
    await messaging.ensureTopics([{ name: topic, partitions: 1 }]);
    database = await openDatabase({ url, schema: 'consumer', applicationName: 'parking-consumer' });
    await database.migrate(parkingMigrations);
    await database.query('CREATE TABLE effects (id text PRIMARY KEY)');
  });
  afterAll(async () => {
    await messaging.close();
    await database.close();
    await testDatabase.drop();
  });

  it('takes in what it can, parks what it cannot, wakes who waits, and shows how it fares', async () => {
    const consumer = parkingConsumer({
      database,
      messaging,
      group,
      topics: [topic],
      consumption: {
        skipped: (events) => (skipped += events),
        parked: ({ key }) => parked.push(key),
        watch: (one) => (watched = one),
      },
      takeIn: async (messages, tx) => {
        for (const { id, key } of messages) {
          if (key === 'poison') throw new TypeError('not understood');
          await tx.query('INSERT INTO effects (id) VALUES ($1) ON CONFLICT DO NOTHING', [id]);
        }
        return { unknown: messages.filter(({ key }) => key === 'news').length, wake: ['letters'] };
      },
    });
    const listening = await database.listen('letters', () => {
      void database.query('SELECT FROM effects').then((rows) => seen.push(rows.length));
    });
    await consumer.start();
    await messaging.publisher().publish(numbered(topic, ['poison', 'letter', 'news'], 3));

    await eventually('somebody is woken, and sees what was written', () => seen.includes(2));
    await eventually('none is behind', async () => (await watched?.lag())?.every(({ behind }) => behind === 0) ?? false);
    await consumer.checkJoined();
    expect(parked).toEqual(['poison']);
    expect(await watched?.parkedKeys()).toBe(1);
    expect(skipped).toBe(1);
    await consumer.stop();
    await listening.stop();
  });
});
