import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { MessagingUnavailable } from '../messaging.js';
import { eventually, MessageLog, numbered } from '../testing/index.js';
import { describeWithKafka, startKafka, type TestKafka } from '../testing/kafka.js';
import { openKafkaMessaging } from './index.js';

jest.setTimeout(60_000);

const password = 'p@ss "w/ord\\';

describeWithKafka('a cluster that does not let everybody in', () => {
  let kafka: TestKafka;
  let folder: string;
  let ca: string;
  beforeAll(async () => {
    kafka = await startKafka({ listeners: ['sasl', 'tls', 'saslTls'], users: { app: password } });
    folder = await mkdtemp(join(tmpdir(), 'scheduled-scripts-ca-'));
    ca = join(folder, 'ca.pem');
    await writeFile(ca, kafka.ca ?? '');
  });
  afterAll(async () => {
    await kafka.close();
    await rm(folder, { recursive: true, force: true });
  });

  type Door = 'plain' | 'sasl' | 'tls' | 'saslTls';
  const urlOf = (door: Door, query: string, secret = password): string => {
    const [scheme, trust] = door === 'tls' || door === 'saslTls' ? ['kafkas', `&ca=${encodeURIComponent(ca)}`] : ['kafka', ''];
    const login = query.includes('sasl=') ? `app:${encodeURIComponent(secret)}@` : '';
    return `${scheme}://${login}127.0.0.1:${kafka.ports[door]}?${query}${trust}`;
  };

  it.each<[Door, string]>([
    ['sasl', 'sasl=plain'],
    ['sasl', 'sasl=scram-sha-256'],
    ['sasl', 'sasl=scram-sha-512'],
    ['tls', ''],
    ['saslTls', 'sasl=plain'],
    ['saslTls', 'sasl=scram-sha-512'],
  ])('is used through %s %s', async (door, query) => {
    const messaging = await openKafkaMessaging({ url: urlOf(door, query), clientId: 'secure' });
    const topic = `topic-${randomUUID()}`;
    await messaging.ensureTopics([{ name: topic, partitions: 2 }]);
    const sent = numbered(topic, ['a', 'b'], 20);
    await messaging.publisher().publish(sent);
    const log = new MessageLog();
    await messaging.consumer().subscribe({ group: randomUUID(), topics: [topic] }, log.handle);
    await eventually('all came', () => log.hasAll(sent));
    expect(log.messages.length).toBe(20);
    await messaging.close();
  });

  it.each(['plain', 'scram-sha-512'])('tells at once that it refuses a password by %s, without saying it', async (mechanism) => {
    const url = urlOf('saslTls', `sasl=${mechanism}`, 'wrong-secret');
    const open = openKafkaMessaging({ url, clientId: 'secure', patienceMillis: 600_000 });
    const error = await open.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MessagingUnavailable);
    expect(String(error)).toMatch(/authentication failed/i);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('wrong-secret');
  });

  it.each<[string, () => string, RegExp]>([
    ['a certificate that nobody vouches for', () => urlOf('tls', '').replace(/&ca=.*/, ''), /self-signed certificate/],
    ['clear text where TLS is spoken', () => `kafka://127.0.0.1:${kafka.ports.tls}`, /Kafka does not answer/],
    ['no password where one is asked for', () => `kafka://127.0.0.1:${kafka.ports.sasl}`, /Kafka/],
    ['TLS where clear text is spoken', () => `kafkas://127.0.0.1:${kafka.ports.plain}`, /Kafka does not answer/],
  ])('tells of %s', async (_what, url, words) => {
    const error = await openKafkaMessaging({ url: url(), clientId: 'secure', patienceMillis: 1_500 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MessagingUnavailable);
    expect(String(error)).toMatch(words);
  });
});
