import { describe, expect, it } from '@jest/globals';
import { topics, topicSpecifications } from '@scheduled-scripts/contracts';
import { createTestDatabase } from '@scheduled-scripts/postgres/testing';
import { describeWithKafka, sharedKafkaPort } from '../testing/kafka.js';
import { TopicMismatch } from '../messaging.js';
import { openMessaging, openTopics } from './index.js';

describe('openMessaging', () => {
  it('opens Postgres', async () => {
    const database = await createTestDatabase();
    const messaging = await openMessaging({ url: database.url, clientId: 'open' });
    await expect(messaging.publisher().ping()).resolves.toBeUndefined();
    await messaging.close();
    await database.drop();
  });

  it.each(['amqp://127.0.0.1', 'redis://user:secret@127.0.0.1/0', 'Kafka://user:secret@127.0.0.1:1', 'secret'])(
    'refuses %s',
    async (url) => {
      const error = await openMessaging({ url, clientId: 'open' }).catch((reason: unknown) => reason);
      expect(String(error)).toContain('no messaging speaks');
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error)).not.toContain('secret');
    },
  );
});

describe('openTopics', () => {
  it('finds the topics there, or makes them; those that are not as they should be it refuses', async () => {
    const database = await createTestDatabase();
    const messaging = await openTopics({ url: database.url, clientId: 'open' });
    const subscription = await messaging.consumer().subscribe({ group: 'open', topics: Object.values(topics) }, () => Promise.resolve());
    await subscription.stop();
    await messaging.close();
    await database.drop();

    const other = await createTestDatabase();
    const before = await openMessaging({ url: other.url, clientId: 'open' });
    await before.ensureTopics(topicSpecifications.map(({ name }) => ({ name, partitions: 1 })));
    await before.close();
    await expect(openTopics({ url: other.url, clientId: 'open' })).rejects.toBeInstanceOf(TopicMismatch);
    await other.drop();
  });
});

describeWithKafka('openMessaging with a broker', () => {
  it('opens Kafka, by whichever of its brokers answers', async () => {
    const url = `kafka://127.0.0.1:1,127.0.0.1:${sharedKafkaPort()}`;
    const messaging = await openMessaging({ url, clientId: 'open' });
    await expect(messaging.publisher().ping()).resolves.toBeUndefined();
    await messaging.close();
  });
});
