import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import kafkajs, { type Admin } from 'kafkajs';
import { type Messaging, TopicMismatch } from '../messaging.js';
import { numbered } from '../testing/index.js';
import { describeWithKafka, sharedKafkaPort } from '../testing/kafka.js';
import { openKafkaMessaging } from './index.js';

jest.setTimeout(30_000);

describeWithKafka('topics on Kafka', () => {
  let messaging: Messaging;
  let admin: Admin;
  beforeAll(async () => {
    const brokers = `127.0.0.1:${sharedKafkaPort()}`;
    messaging = await openKafkaMessaging({ url: `kafka://${brokers}`, clientId: 'topics' });
    admin = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
  });
  afterAll(async () => {
    await messaging.close();
    await admin.disconnect();
  });

  const settingsOf = async (name: string): Promise<Record<string, string>> => {
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name };
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
    return Object.fromEntries(
      resources.flatMap(({ configEntries }) => configEntries).map((entry) => [entry.configName, entry.configValue]),
    );
  };
  const create = async (settings: Record<string, string>): Promise<string> => {
    const topic = `topic-${randomUUID()}`;
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    await admin.createTopics({ topics: [{ topic, numPartitions: 2, configEntries }] });
    return topic;
  };
  const complaint = (name: string, partitions = 2): Promise<unknown> =>
    messaging.ensureTopics([{ name, partitions }]).catch((error: unknown) => error);

  it('are created as histories that are kept for ever', async () => {
    const name = `topic-${randomUUID()}`;
    await messaging.ensureTopics([{ name, partitions: 12 }]);
    expect(await settingsOf(name)).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'retention.bytes': '-1',
      'max.message.bytes': '2097152',
    });
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
    expect(topics[0]?.partitions.length).toBe(12);
  });

  it.each([
    [{ 'cleanup.policy': 'compact' }, 'cleanup.policy is compact and should be delete'],
    [{ 'retention.ms': '86400000' }, '--add-config retention.ms=-1'],
    [{ 'retention.bytes': '1000000' }, 'retention.bytes is 1000000 and should be -1'],
    [{ 'max.message.bytes': '1000' }, 'max.message.bytes is 1000 and should be 2097152'],
  ])('that would not keep their messages are refused: %j', async (settings, words) => {
    const wanted = { 'retention.ms': '-1', 'max.message.bytes': '2097152', ...settings };
    const error = await complaint(await create(wanted));
    expect(error).toBeInstanceOf(TopicMismatch);
    expect(String(error)).toContain(words);
  });

  it('that may hold larger messages are taken', async () => {
    expect(await complaint(await create({ 'retention.ms': '-1', 'max.message.bytes': '4000000' }))).toBeUndefined();
  });

  it('with too few replicas are refused', async () => {
    const url = `kafka://127.0.0.1:${sharedKafkaPort()}?replication=2`;
    const careful = await openKafkaMessaging({ url, clientId: 'topics' });
    const name = await create({ 'retention.ms': '-1', 'max.message.bytes': '2097152' });
    await expect(careful.ensureTopics([{ name, partitions: 2 }])).rejects.toThrow('has 1 replicas and should have 2');
    const unborn = [{ name: `topic-${randomUUID()}`, partitions: 2 }];
    await expect(careful.ensureTopics(unborn)).rejects.toThrow(/replication.factor/i);
    await careful.close();
  });

  it('are not made by publishing or subscribing', async () => {
    const name = `topic-${randomUUID()}`;
    await expect(messaging.publisher().publish(numbered(name, ['a'], 1))).rejects.toBeInstanceOf(TopicMismatch);
    const subscribing = messaging.consumer().subscribe({ group: 'none', topics: [name] }, () => Promise.resolve());
    await expect(subscribing).rejects.toBeInstanceOf(TopicMismatch);
    expect(await admin.listTopics()).not.toContain(name);
  });
});
