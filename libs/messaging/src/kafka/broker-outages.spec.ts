import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { type Messaging, MessagingUnavailable, type Publisher, type Subscription } from '../messaging.js';
import { eventually, idsOf, MessageLog, SteadySource } from '../testing/index.js';
import { describeWithKafka, startKafka, type TestKafka } from '../testing/kafka.js';
import { openKafkaMessaging } from './index.js';

/** Longer in the long form of the suite. */
const absenceMillis = Number(process.env['KAFKA_ABSENCE_SECONDS'] ?? 3) * 1_000;

jest.setTimeout(60_000 + 4 * absenceMillis);

const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const leaseMillis = 2_000;

describeWithKafka('a broker that goes away', () => {
  let kafka: TestKafka;
  let messaging: Messaging;
  let publisher: Publisher;
  let subscription: Subscription;
  let source: SteadySource;
  let log: MessageLog;

  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(() => kafka.close());

  beforeEach(async () => {
    const { url } = kafka;
    messaging = await openKafkaMessaging({ url, clientId: 'outages', leaseMillis, sendDeadlineMillis: 2_000, askDeadlineMillis: 1_000 });
    const topic = `topic-${randomUUID()}`;
    await messaging.ensureTopics([{ name: topic, partitions: 6 }]);
    log = new MessageLog();
    subscription = await messaging.consumer().subscribe({ group: randomUUID(), topics: [topic] }, log.handle);
    publisher = messaging.publisher();
    source = new SteadySource(publisher, topic, keys);
    await eventually('it flows', () => subscription.isJoined() && log.ids.size > 100);
  });
  afterEach(async () => {
    if (kafka.pid === undefined) await kafka.start();
    kafka.resume();
    await source.end();
    await messaging.close();
  });

  const answers = (): Promise<boolean> =>
    publisher.ping().then(
      () => true,
      () => false,
    );

  const expectAllInOrder = async (): Promise<void> => {
    const before = log.ids.size;
    await eventually('it flows again', () => log.ids.size > before + 100);
    await source.end();
    await eventually('all came', () => log.hasAll(source.sent));
    for (const key of keys) expect(log.firstOccurrences(key)).toEqual(idsOf(source.sent, key));
    await eventually('it is ready', async () => subscription.isJoined() && (await answers()));
    await eventually('none is behind', async () => (await subscription.lag()).every(({ behind }) => behind === 0));
  };

  it.each([
    ['in order', () => kafka.stop()],
    ['by a kill', () => kafka.kill()],
  ])('%s and comes back has lost nothing', async (_how, end) => {
    await end();
    await kafka.start();
    await expectAllInOrder();
  });

  it('for long is missed by all who ask, and everything goes on by itself when it is back', async () => {
    await kafka.kill();
    await eventually('the consumer says so', () => !subscription.isJoined());
    expect(await answers()).toBe(false);
    await expect(subscription.lag()).rejects.toBeInstanceOf(MessagingUnavailable);
    await pause(absenceMillis);
    expect(source.refusals).toBeGreaterThan(0);
    expect([subscription.isJoined(), await answers()]).toEqual([false, false]);
    await kafka.start();
    await expectAllInOrder();
  });

  it('without ending, and answers again, has lost nothing', async () => {
    kafka.pause();
    await eventually('the consumer says so', () => !subscription.isJoined());
    expect(await answers()).toBe(false);
    await pause(absenceMillis / 2);
    kafka.resume();
    await expectAllInOrder();
  });

  it('does not keep anybody from stopping, who then is gone for good', async () => {
    const topic = `topic-${randomUUID()}`;
    const [other, observer] = await Promise.all(
      ['other', 'observer'].map((clientId) => openKafkaMessaging({ url: kafka.url, clientId, leaseMillis, askDeadlineMillis: 1_000 })),
    );
    if (!other || !observer) throw new Error('two were opened');
    await other.ensureTopics([{ name: topic, partitions: 1 }]);
    const gone = await other.consumer().subscribe({ group: 'heirs', topics: [topic] }, () => Promise.resolve());
    await eventually('it has joined', () => gone.isJoined());
    await kafka.kill();
    await other.close();
    await kafka.start();
    // A ghost would take the only partition.
    const heir = await observer.consumer().subscribe({ group: 'heirs', topics: [topic] }, () => Promise.resolve());
    await eventually('the heir has the partition', async () => heir.isJoined() && (await heir.lag()).length === 1);
    await pause(2 * leaseMillis);
    expect((await heir.lag()).length).toBe(1);
    await observer.close();
  });
});
