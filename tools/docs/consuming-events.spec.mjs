import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { topicSpecifications } from '@scheduled-scripts/contracts';
import { openMessaging } from '@scheduled-scripts/messaging/open';
import kafkajs from 'kafkajs';
import { describeWithKafka, startKafka } from '../kafka/index.mjs';
import { codeBlock, tableRows } from './code-blocks.mjs';
import { berlin, firstNight, lateRepeat, potsdam, secondNight } from './two-nights.mjs';

jest.setTimeout(120_000);

const root = resolve(import.meta.dirname, '../..');
const document = join(root, 'docs/consuming-events.md');
const until = async (holds, what) => {
  for (const deadline = Date.now() + 60_000; !(await holds()); await pause(20)) {
    if (Date.now() > deadline) throw new Error(`in vain: ${what()}`);
  }
};

/** Where kcat is missing its test is skipped aloud; in CI it runs all the same, and fails. */
const itWithKcat = (name, test) => {
  const { it: register } = globalThis;
  if (process.env.CI || !spawnSync('kcat', ['-V']).error) return register(name, test);
  process.stderr.write(`\n*** NOT RUN: ${name}. There is no kcat (Debian: apt-get install kcat). ***\n\n`);
  return register.skip(name, test);
};

describe('the blocks of a document', () => {
  it('are found by their names, and missed aloud', () => {
    expect(codeBlock(document, 'what-happened.sh')).toMatch(/^kcat /);
    expect(() => codeBlock(document, 'gone.ts')).toThrow('one block named gone.ts and holds 0');
    expect(() => tableRows(document, ['gone'])).toThrow('no table with the columns gone');
  });
});

describeWithKafka('docs/consuming-events.md', () => {
  let broker;
  let folder;
  let messaging;
  let publisher;
  let admin;

  const outcomes = () => {
    const file = join(folder, 'report.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).outcomes : {};
  };

  /** Runs the program until it knows so many outcomes, and ends it as an operator would. */
  const runUntil = async (count) => {
    const env = { ...process.env, KAFKA_BROKERS: `127.0.0.1:${broker.ports.plain}`, REPORT: join(folder, 'report.json') };
    const child = spawn(process.execPath, [join(folder, 'night-report.js')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    const ended = once(child, 'exit');
    try {
      await until(
        () => Object.keys(outcomes()).length >= count || child.exitCode !== null,
        () => said,
      );
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
    return outcomes();
  };

  beforeAll(async () => {
    mkdirSync(join(root, '.cache'), { recursive: true });
    folder = mkdtempSync(join(root, '.cache/consuming-events-'));
    broker = await startKafka({
      listeners: ['sasl'],
      users: { reader: 'secret' },
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
      },
    });
    const address = `127.0.0.1:${broker.ports.plain}`;
    messaging = await openMessaging({ url: `kafka://${address}`, clientId: 'event-relay' });
    // A busy broker does not show at once what it has made.
    const ensured = () =>
      messaging.ensureTopics(topicSpecifications).then(
        () => true,
        ({ code }) => code !== 'messaging_unavailable' && Promise.reject(new Error(code)),
      );
    await until(ensured, () => broker.log());
    publisher = messaging.publisher();
    await publisher.publish(firstNight);
    await publisher.publish(lateRepeat);
    admin = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
  });

  afterAll(async () => {
    await Promise.all([admin?.disconnect(), messaging?.close()]);
    await broker?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  describe('the consumer in TypeScript', () => {
    it('compiles', () => {
      writeFileSync(join(folder, 'night-report.ts'), codeBlock(document, 'night-report.ts'));
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.base.json', files: ['night-report.ts'] }));
      const compiler = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
      expect(compiler.stdout).toBe('');
      expect(existsSync(join(folder, 'night-report.js'))).toBe(true);
    });

    it('knows every outcome, skips what it does not know, and is not misled by repeats, also when it begins anew', async () => {
      const first = {
        '0199ed30-0000-7000-8000-000000000001': 'site_Berlin00Rooftop01 completed',
        '0199ed30-0000-7000-8000-000000000002': 'site_Potsdam0Depot0002 completed after all',
      };
      expect(await runUntil(2)).toEqual(first);
      await publisher.publish([...lateRepeat, ...secondNight]);
      expect(await runUntil(4)).toEqual({
        ...first,
        '0199ed30-0000-7000-8000-000000000003': 'site_Potsdam0Depot0002 failed: offline',
        '0199ed30-0000-7000-8000-000000000004': 'site_Berlin00Rooftop01 completed',
      });
    });
  });

  it('holds for the topics as they are made', async () => {
    const { channels } = JSON.parse(readFileSync(join(root, 'docs/asyncapi.json'), 'utf8'));
    for (const { kafka } of Object.values(channels).map(({ bindings }) => bindings)) {
      const configNames = Object.keys(kafka.topicConfiguration);
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: kafka.topic, configNames }],
      });
      const there = Object.fromEntries(resources[0].configEntries.map(({ configName, configValue }) => [configName, configValue]));
      expect(there).toEqual(Object.fromEntries(configNames.map((name) => [name, String(kafka.topicConfiguration[name])])));
      const { topics } = await admin.fetchTopicMetadata({ topics: [kafka.topic] });
      expect(topics[0].partitions).toHaveLength(kafka.partitions);
    }
  });

  describe('who may read', () => {
    const [{ AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes }, principal] = [kafkajs, 'User:reader'];
    let reader;

    beforeAll(async () => {
      const rows = tableRows(document, ['principal', 'resource', 'name', 'operation']);
      const acl = rows.map(([, resource, resourceName, operation]) => ({
        principal,
        host: '*',
        resourceType: AclResourceTypes[resource.toUpperCase()],
        resourceName,
        resourcePatternType: ResourcePatternTypes.LITERAL,
        operation: AclOperationTypes[operation.toUpperCase()],
        permissionType: AclPermissionTypes.ALLOW,
      }));
      await admin.createAcls({ acl });
      reader = new kafkajs.Kafka({
        brokers: [`127.0.0.1:${broker.ports.sasl}`],
        sasl: { mechanism: 'scram-sha-512', username: 'reader', password: 'secret' },
        logLevel: kafkajs.logLevel.NOTHING,
        retry: { retries: 0 },
      });
    });

    /** What a first message says of its source, or why there is none. */
    const consume = async (topic, groupId) => {
      const consumer = reader.consumer({ groupId });
      await consumer.connect();
      try {
        await consumer.subscribe({ topics: [topic] });
        return await new Promise((done) => {
          consumer.on(consumer.events.CRASH, ({ payload }) => done(payload.error.message));
          void consumer.run({ eachMessage: async ({ message }) => done(message.headers.ce_source.toString()) });
          // Whatever the group has committed before.
          for (let partition = 0; partition < 12; partition++) consumer.seek({ topic, partition, offset: '0' });
        });
      } catch (error) {
        return error.message;
      } finally {
        await consumer.disconnect();
      }
    };

    it('reads what the table allows, and nothing else', async () => {
      expect(await consume('site-execution.events.v1', 'night-report')).toBe('/scheduled-scripts');
      expect(await consume('scheduled-script.events.v1', 'night-report')).toMatch(/Topic authorization failed/);
      expect(await consume('site-execution.events.v1', 'another-group')).toBe('Failed to find group coordinator');
    });

    it('writes nothing', async () => {
      const writer = reader.producer();
      await writer.connect();
      const sent = writer.send({ topic: 'site-execution.events.v1', messages: [{ key: berlin, value: '{}' }] });
      await expect(sent).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' });
      await writer.disconnect();
    });
  });

  itWithKcat('shows with kcat what happened, each event once and in order', () => {
    const env = { ...process.env, KAFKA_BROKERS: `127.0.0.1:${broker.ports.plain}` };
    const shown = spawnSync('sh', ['-c', codeBlock(document, 'what-happened.sh')], { env, encoding: 'utf8' });
    expect(shown.stderr).toBe('');
    const lines = shown.stdout.trimEnd().split('\n');
    for (const site of [berlin, potsdam]) {
      const told = firstNight.filter(({ key }) => key === site);
      const shownOfSite = lines.filter((line) => line.split('\t')[2] === site).slice(0, told.length);
      expect(shownOfSite).toEqual(told.map(({ headers, key, value }) => [headers.ce_time, headers.ce_type, key, value].join('\t')));
    }
    expect(new Set(lines).size).toBe(lines.length);
  });
});
