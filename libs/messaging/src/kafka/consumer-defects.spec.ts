import { randomUUID } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import kafkajs, { type Admin } from 'kafkajs';
import type { Messaging } from '../messaging.js';
import { partitionOf } from '../partitioner.js';
import { eventually, Gate, idsOf, MessageLog, numbered } from '../testing/index.js';
import { describeWithKafka, sharedKafkaPort } from '../testing/kafka.js';
import { openKafkaMessaging } from './index.js';

jest.setTimeout(60_000);

/** Of a topic of six partitions; `key-0` is poisoned. */
const isHealthy = (key: string): boolean => partitionOf(key, 6) !== partitionOf('key-0', 6);

const servers: Server[] = [];

/** A way to the broker on which the first connections break in the middle of an answer, each a little later than the one before. */
const openFragileLink = async (brokerPort: number): Promise<number> => {
  let opened = 0;
  const server = createServer((near) => {
    const far = connect(brokerPort, '127.0.0.1');
    let left = opened++ < 20 ? opened * 30_011 : Infinity;
    near.pipe(far);
    far.on('data', (chunk) => {
      if (chunk.length <= left) near.write(chunk);
      else if (left > 0) near.write(chunk.subarray(0, left), () => setTimeout(() => near.resetAndDestroy(), 20));
      left = Math.max(0, left - chunk.length);
    });
    for (const socket of [near, far]) socket.on('error', () => undefined).on('close', () => [near, far].map((one) => one.destroy()));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const succeeds = async (work: Promise<void>): Promise<boolean> => (await Promise.allSettled([work]))[0].status === 'fulfilled';

/** What kafkajs 2.2.4 does when it is used as it offers itself is said in the names; that whoever uses the port is spared it, is tested. */
describeWithKafka('a consumer of kafkajs', () => {
  let messaging: Messaging;
  let admin: Admin;

  beforeAll(async () => {
    const brokers = `127.0.0.1:${sharedKafkaPort()}`;
    messaging = await openKafkaMessaging({ url: `kafka://${brokers}`, clientId: 'defects', leaseMillis: 3_000 });
    admin = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    await admin.disconnect();
    await messaging.close();
    for (const server of servers) server.close();
  });

  const newTopic = async (partitions: number): Promise<string> => {
    const name = `topic-${randomUUID()}`;
    await messaging.ensureTopics([{ name, partitions }]);
    return name;
  };

  const memberOf = async (group: string): Promise<string | undefined> =>
    (await admin.describeGroups([group])).groups[0]?.members[0]?.memberId;

  it('asks for a timer each millisecond and connection for ever; here it does not', async () => {
    const topic = await newTopic(1);
    await messaging.publisher().publish(numbered(topic, ['a'], 1));
    const subscription = await messaging.consumer().subscribe({ group: randomUUID(), topics: [topic] }, new MessageLog().handle);
    await eventually('it has joined', () => subscription.isJoined());
    const timers = jest.spyOn(globalThis, 'setTimeout');
    await pause(1_000);
    // An idle consumer asks about ten times a second; unmended, this is a thousand for each connection.
    expect(timers.mock.calls.length).toBeLessThan(200);
  });

  it('takes the rest of a broken answer for the beginning of the next one; here each connection begins anew', async () => {
    const topic = await newTopic(1);
    const sent = numbered(topic, ['a'], 40).map((message) => ({ ...message, value: message.value.padEnd(50_000, 'ÿ') }));
    await messaging.publisher().publish(sent);
    const port = await openFragileLink(sharedKafkaPort());
    const url = `kafka://127.0.0.1:${sharedKafkaPort()}`;
    const other = await openKafkaMessaging({ url, clientId: 'defects', leaseMillis: 10_000, reach: () => ({ host: '127.0.0.1', port }) });
    const log = new MessageLog();
    await other.consumer().subscribe({ group: randomUUID(), topics: [topic] }, log.handle);
    await eventually('all came', () => log.hasAll(sent));
    expect(log.firstOccurrences('a')).toEqual(idsOf(sent));
    await other.close();
  });

  it('leaves and joins for ever for one poisoned message; here only its partition waits', async () => {
    const topic = await newTopic(6);
    const keys = Array.from({ length: 8 }, (_, index) => `key-${index}`);
    const [log, group] = [new MessageLog(), randomUUID()];
    let failures = 0;
    const subscription = await messaging.consumer().subscribe({ group, topics: [topic], batchSize: 10 }, (batch, context) => {
      if (batch.messages.every(({ key }) => isHealthy(key))) return log.handle(batch, context);
      failures++;
      return Promise.reject(new TypeError('poison'));
    });
    await eventually('it has joined', () => subscription.isJoined());
    const member = await memberOf(group);
    for (let round = 0; round < 20; round++) {
      const sent = numbered(topic, keys, 80, round);
      await messaging.publisher().publish(sent);
      await eventually('the healthy ones came', () => log.hasAll(sent.filter(({ key }) => isHealthy(key))));
    }
    await eventually('it was tried often', () => failures > 5);
    expect([await memberOf(group), subscription.isJoined()]).toEqual([member, true]);
  });

  it('does not get over a topic that is deleted; here it reads the one that takes its place', async () => {
    const topic = await newTopic(2);
    const log = new MessageLog();
    const publisher = messaging.publisher();
    const subscription = await messaging.consumer().subscribe({ group: randomUUID(), topics: [topic] }, log.handle);
    const before = numbered(topic, ['a', 'b'], 100);
    await publisher.publish(before);
    await eventually('the first came', () => log.hasAll(before));
    await admin.deleteTopics({ topics: [topic] });
    await eventually('it is gone', async () => !(await admin.listTopics()).includes(topic));
    await eventually('it is made anew', () => succeeds(messaging.ensureTopics([{ name: topic, partitions: 2 }])));
    const after = numbered(topic, ['a', 'b'], 10);
    await eventually('they are confirmed', () => succeeds(publisher.publish(after)));
    await eventually('the new ones came', () => log.hasAll(after));
    await eventually('it has joined', () => subscription.isJoined());
    expect(await subscription.lag()).toEqual([0, 1].map((partition) => ({ topic, partition, behind: 0 })));
  });

  it('may repeat a commit for a partition that another member has by then; here it never does', async () => {
    const topic = await newTopic(2);
    const group = randomUUID();
    const sent = numbered(topic, ['key-0', 'key-1'], 20);
    await messaging.publisher().publish(sent);
    const gate = new Gate();
    const atWork = new Set<number>();
    const slow = await messaging.consumer().subscribe({ group, topics: [topic] }, async ({ partition }, context) => {
      atWork.add(partition);
      const beating = setInterval(() => void context.heartbeat().catch(() => undefined), 200);
      await gate.opened;
      clearInterval(beating);
    });
    await eventually('both partitions are at work', () => atWork.size === 2);
    const log = new MessageLog();
    const quick = await messaging.consumer().subscribe({ group, topics: [topic] }, log.handle);
    await eventually('the other has one of them', () => log.messages.length === 10);
    const more = numbered(topic, ['key-0', 'key-1'], 20, 10);
    await messaging.publisher().publish(more);
    const moved = log.messages[0]?.key;
    await eventually('and has gone on', () => log.hasAll([...sent, ...more].filter(({ key }) => key === moved)));
    gate.open();
    await slow.stop();
    await quick.stop();
    const rest = new MessageLog();
    const heir = await messaging.consumer().subscribe({ group, topics: [topic] }, rest.handle);
    await eventually('nothing is left', async () => heir.isJoined() && (await heir.lag()).every(({ behind }) => behind === 0));
    // A late commit of the slow one would have brought what the quick one has already handled.
    expect(rest.messages.filter(({ key }) => key === moved)).toEqual([]);
  });
});
