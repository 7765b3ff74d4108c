import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Database, openDatabase } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { openKafkaMessaging } from '../kafka/index.js';
import type { Messaging, ReceivedMessage } from '../messaging.js';
import { openPostgresMessaging } from '../postgres/index.js';
import { eventually, idsOf, numbered } from '../testing/index.js';
import { describeWithKafka, sharedKafkaPort } from '../testing/kafka.js';
import { type HandleMessages, ParkingLot, parkingHandler, parkingMigrations } from './index.js';

jest.setTimeout(60_000);

const topic = `topic-${randomUUID()}`;
const group = `group-${randomUUID()}`;

const isPoison = ({ key, value }: ReceivedMessage): boolean => (key === 'a' || key === 'e') && Number(value) === 30;

const describeParking = (open: (databaseUrl: string) => Promise<Messaging>): void => {
  let testDatabase: TestDatabase;
  let messaging: Messaging;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    const { url } = testDatabase;
    messaging = await open(url);
    await messaging.ensureTopics([{ name: topic, partitions: 3 }]);
    database = await openDatabase({ url, schema: 'consumer', applicationName: 'parking' });
    await database.migrate(parkingMigrations);
    await database.query('CREATE TABLE effects (place bigint GENERATED ALWAYS AS IDENTITY, id text UNIQUE, key text)');
  });
  afterAll(async () => {
    await messaging.close();
    await database.close();
    await testDatabase.drop();
  });

  it('keeps up with all other keys of a poisoned partition, and loses nothing of the poisoned one', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const sent = numbered(topic, keys, 800);
    let isMended = false;
    const handle: HandleMessages = async (messages, tx) => {
      for (const message of messages) {
        if (isPoison(message) && !isMended) throw new TypeError('poison');
        await tx.query('INSERT INTO effects (id, key) VALUES ($1, $2) ON CONFLICT DO NOTHING', [message.id, message.key]);
      }
    };
    const effects = async (key: string): Promise<readonly string[]> =>
      (await database.query<{ id: string }>('SELECT id FROM effects WHERE key = $1 ORDER BY place', [key])).map(({ id }) => id);

    const handler = parkingHandler({ database, group, handle, attempts: 2 });
    const subscription = await messaging.consumer().subscribe({ group, topics: [topic], batchSize: 50 }, handler);
    await eventually('it has joined', () => subscription.isJoined());
    const publisher = messaging.publisher();
    for (let at = 0; at < sent.length; at += 80) await publisher.publish(sent.slice(at, at + 80));
    await eventually('none is behind', async () => (await subscription.lag()).every(({ behind }) => behind === 0));

    expect(subscription.isJoined()).toBe(true);
    const lot = new ParkingLot(database, group);
    expect(await lot.count()).toEqual({ keys: 2, messages: 140 });
    for (const key of keys) {
      const parked = (await lot.read({ topic, key })).map(({ id }) => id);
      expect([...(await effects(key)), ...parked]).toEqual(idsOf(sent, key));
    }

    isMended = true;
    for (const { key } of await lot.list()) expect(await lot.replay({ topic, key }, handle)).toEqual({ ok: true, replayed: 70 });
    for (const key of keys) expect(await effects(key)).toEqual(idsOf(sent, key));
  });
};

describe('a consumer that parks, on Postgres', () => {
  describeParking((url) => openPostgresMessaging({ url, clientId: 'parking' }));
});

describeWithKafka('a consumer that parks, on Kafka', () => {
  describeParking(() => openKafkaMessaging({ url: `kafka://127.0.0.1:${sharedKafkaPort()}`, clientId: 'parking' }));
});
