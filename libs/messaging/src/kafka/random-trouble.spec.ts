import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { BatchHandler, Messaging } from '../messaging.js';
import { eventually, openTcpLink, SteadySource, type TcpLink } from '../testing/index.js';
import { describeWithKafka, startKafka, type TestKafka } from '../testing/kafka.js';
import { openKafkaMessaging } from './index.js';

/** More in the long form of the suite. */
const steps = Number(process.env['KAFKA_TROUBLE_STEPS'] ?? 6);

jest.setTimeout(120_000 + steps * 15_000);

const leaseMillis = 2_000;
const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);

interface Client {
  readonly messaging: Messaging;
  readonly link: TcpLink;
}

/** The same numbers for the same seed. */
const dice = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
};

describeWithKafka('a group in random trouble', () => {
  let kafka: TestKafka;
  const clients: Client[] = [];

  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(async () => {
    for (const { link } of clients) link.restore();
    await Promise.all(clients.map(({ messaging }) => messaging.close()));
    await Promise.all(clients.map(({ link }) => link.close()));
    await kafka.close();
  });

  const open = async (clientId: string): Promise<Client> => {
    const link = await openTcpLink(kafka.ports.plain);
    const messaging = await openKafkaMessaging({
      url: kafka.url,
      clientId,
      leaseMillis,
      sendDeadlineMillis: 2_000,
      askDeadlineMillis: 1_500,
      reach: () => ({ host: '127.0.0.1', port: link.port }),
    });
    clients.push({ messaging, link });
    return { messaging, link };
  };

  it('applies every message once and in order', async () => {
    const seed = randomInt(1_000_000);
    const random = dice(seed);
    const [topic, group] = [`topic-${randomUUID()}`, randomUUID()];
    const revisions = new Map(keys.map((key) => [key, -1]));
    const gaps: string[] = [];
    // As a consumer writes: a repeat changes nothing, and nothing is written once the partition is lost.
    const handle: BatchHandler = async ({ messages }, context) => {
      if (random() < 0.02) throw new Error('not now');
      if (random() < 0.003) await pause(1.5 * leaseMillis);
      await pause(10 * random());
      context.signal.throwIfAborted();
      for (const { key, value } of messages) {
        const [known, given] = [revisions.get(key) ?? -1, Number(value)];
        if (given > known + 1) gaps.push(`${key}: ${known}, then ${given}`);
        if (given === known + 1) revisions.set(key, given);
      }
    };
    const members: Client[] = [];
    const join = async (): Promise<void> => {
      const member = await open(`member-${clients.length}`);
      await member.messaging.consumer().subscribe({ group, topics: [topic], batchSize: 50 }, handle);
      members.push(member);
    };
    const producer = await open('producer');
    await producer.messaging.ensureTopics([{ name: topic, partitions: 12 }]);
    await join();
    await join();
    const source = new SteadySource(producer.messaging.publisher(), topic, keys, 50);

    const anyOf = (some: readonly Client[]): Client => some[Math.floor(random() * some.length)] ?? producer;
    const forAWhile = async (begin: () => void, end: () => void): Promise<void> => {
      begin();
      await pause(1.5 * leaseMillis * random());
      end();
    };
    const cut = ({ link }: Client): Promise<void> => forAWhile(link.cut, link.restore);
    const stall = ({ link }: Client): Promise<void> => forAWhile(link.stall, link.restore);
    const replace = async (end: (member: Client) => Promise<void> | void): Promise<void> => {
      const member = anyOf(members);
      members.splice(members.indexOf(member), 1);
      await end(member);
      await join();
    };
    const troubles: readonly (() => Promise<void>)[] = [
      join,
      () => replace(({ messaging }) => messaging.close()),
      () => replace(({ link }) => link.cut()),
      () => cut(anyOf(members)),
      () => stall(anyOf(members)),
      () => cut(producer),
      () => stall(producer),
      () =>
        forAWhile(
          () => kafka.pause(),
          () => kafka.resume(),
        ),
      () => kafka.kill().then(() => kafka.start()),
    ];
    for (let step = 0; step < steps; step++) {
      await troubles[Math.floor(random() * troubles.length)]?.();
      await pause(leaseMillis * random());
    }
    await source.end();
    const last = source.rounds - 1;
    await eventually(`all is applied (seed ${seed})`, () => [...revisions.values()].every((revision) => revision === last), 60_000);
    expect([seed, gaps]).toEqual([seed, []]);
  });
});
