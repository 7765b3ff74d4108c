import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import kafkajs, { type Admin, type Kafka, type Message, type Producer } from 'kafkajs';
import type { Messaging, OutgoingMessage } from '../messaging.js';
import { eventually, idsOf, MessageLog, numbered } from '../testing/index.js';
import { describeWithKafka, sharedKafkaPort } from '../testing/kafka.js';
import { openKafkaMessaging } from './index.js';

jest.setTimeout(60_000);

const tooLarge = 'x'.repeat(3 * 1024 * 1024);
const rawMessage = (partition: number, value: string): Message => ({ partition, key: 'k', value });
const large = (topic: string, key: string): OutgoingMessage => ({ id: randomUUID(), topic, key, headers: {}, value: tooLarge });

const succeeds = async (work: Promise<void>): Promise<boolean> => (await Promise.allSettled([work]))[0].status === 'fulfilled';

/** What kafkajs 2.2.4 does when it is used as it offers itself, and that whoever uses the port is spared it. */
describeWithKafka('a producer of kafkajs', () => {
  let url: string;
  let messaging: Messaging;
  let raw: Kafka;
  let admin: Admin;
  const producers: Producer[] = [];

  beforeAll(async () => {
    const brokers = `127.0.0.1:${sharedKafkaPort()}`;
    url = `kafka://${brokers}`;
    messaging = await openKafkaMessaging({ url, clientId: 'defects' });
    raw = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 2 } });
    admin = raw.admin();
    await admin.connect();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    await Promise.all([...producers, admin].map((one) => one.disconnect()));
    await messaging.close();
  });

  const newTopic = async (partitions: number): Promise<string> => {
    const name = `topic-${randomUUID()}`;
    await messaging.ensureTopics([{ name, partitions }]);
    return name;
  };
  const rawProducer = async (): Promise<Producer> => {
    const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
    const producer = raw.producer({ idempotent: true, createPartitioner, allowAutoTopicCreation: false, retry: { retries: 2 } });
    producers.push(producer);
    await producer.connect();
    return producer;
  };
  /** How many messages each partition holds. */
  const stored = async (topic: string): Promise<readonly number[]> =>
    (await admin.fetchTopicOffsets(topic)).toSorted((a, b) => a.partition - b.partition).map(({ high }) => Number(high));

  it('swallows the next messages after a failed send, and confirms them', async () => {
    const topic = await newTopic(2);
    const producer = await rawProducer();
    const failing = producer.send({ topic, messages: [rawMessage(0, tooLarge), rawMessage(1, 'first')] });
    await expect(failing).rejects.toThrow('larger than');
    await producer.send({ topic, messages: [rawMessage(1, 'second')] });
    expect(await stored(topic)).toEqual([0, 1]);
  });

  it('… here it is not used again', async () => {
    const topic = await newTopic(2);
    const publisher = messaging.publisher();
    // Of two partitions, `key-0` and `key-1` are in different ones.
    const [first, second] = [numbered(topic, ['key-1'], 1), numbered(topic, ['key-1'], 1)];
    await expect(publisher.publish([large(topic, 'key-0'), ...first])).rejects.toThrow('larger than');
    await publisher.publish(second);
    const log = new MessageLog();
    await messaging.consumer().subscribe({ group: randomUUID(), topics: [topic] }, log.handle);
    await eventually('the second came', () => log.hasAll(second));
    expect(log.firstOccurrences('key-1')).toEqual(idsOf([...first, ...second]));
  });

  it('confirms a send to a partition that is not there, and stores it nowhere', async () => {
    const topic = await newTopic(2);
    const producer = await rawProducer();
    await expect(producer.send({ topic, messages: [rawMessage(7, 'v')] })).resolves.toEqual([]);
    expect(await stored(topic)).toEqual([0, 0]);
  });

  it('… here that is refused, until the topic has been looked at anew', async () => {
    const topic = await newTopic(12);
    const publisher = messaging.publisher();
    const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
    await publisher.publish(numbered(topic, keys, 40));
    await admin.deleteTopics({ topics: [topic] });
    const other = await openKafkaMessaging({ url, clientId: 'defects' });
    await eventually('it is made anew', () => succeeds(other.ensureTopics([{ name: topic, partitions: 2 }])));
    await other.close();
    const again = numbered(topic, keys, 40);
    await eventually('they are confirmed', () => succeeds(publisher.publish(again)));
    expect((await stored(topic)).reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(40);
  });

  it('never splits what is too large for one request; here it is split', async () => {
    const topic = await newTopic(1);
    const sent = numbered(topic, ['a'], 6_000).map((message) => ({ ...message, value: message.value.padEnd(600) }));
    const producer = await rawProducer();
    const whole = producer.send({ topic, messages: sent.map(({ key, value }) => ({ key, value })) });
    await expect(whole).rejects.toThrow('larger than');
    await messaging.publisher().publish(sent);
    expect(await stored(topic)).toEqual([6_000]);
  });

  it('keeps no order among sends that are not awaited; here there is one', async () => {
    const topic = await newTopic(1);
    const publisher = messaging.publisher();
    const sent = numbered(topic, ['a'], 300);
    await Promise.all(sent.map((message) => publisher.publish([message])));
    const log = new MessageLog();
    await messaging.consumer().subscribe({ group: randomUUID(), topics: [topic] }, log.handle);
    await eventually('all came', () => log.hasAll(sent));
    expect(log.messages.map(({ id }) => id)).toEqual(idsOf(sent));
  });

  it('leaves small requests to Nagle’s algorithm; here they go at once', async () => {
    const noDelay = jest.spyOn(Socket.prototype, 'setNoDelay');
    const fresh = await openKafkaMessaging({ url, clientId: 'defects' });
    expect(noDelay.mock.calls).toContainEqual([true]);
    await fresh.close();
  });

  it('is refused once the publisher is closed, and does not come back', async () => {
    const topic = await newTopic(1);
    const publisher = messaging.publisher();
    await publisher.close();
    await expect(publisher.publish(numbered(topic, ['a'], 1))).rejects.toThrow('closed');
    expect(await stored(topic)).toEqual([0]);
  });
});
