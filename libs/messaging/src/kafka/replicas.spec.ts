import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { type Database, openDatabase } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import type { Messaging } from '../messaging.js';
import { eventually, SteadySource } from '../testing/index.js';
import { describeWithKafka, sharedKafkaPort } from '../testing/kafka.js';
import type { ReplicaOptions } from '../testing/replica.js';
import { openKafkaMessaging } from './index.js';

jest.setTimeout(120_000);

/** Needs a build: a process of its own runs outside of jest's transform. */
const program = join(import.meta.dirname, '../../dist/testing/replica.js');
const leaseMillis = 1_500;
const keys = Array.from({ length: 24 }, (_, index) => `key-${index}`);

class Replica {
  hasJoined = false;
  isAtWork = false;
  batches = 0;
  private readonly child: ChildProcess;

  constructor(options: ReplicaOptions) {
    this.child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (!this.child.stdout) throw new Error('a replica has no standard output');
    createInterface(this.child.stdout).on('line', (word) => {
      if (word === 'joined') this.hasJoined = true;
      if (word === 'begin') this.batches++;
      this.isAtWork = word === 'begin' || (this.isAtWork && word !== 'end');
    });
  }

  /** In the middle of a batch. */
  async signalAtWork(signal: NodeJS.Signals): Promise<void> {
    await eventually('it is at work', () => this.hasJoined && this.isAtWork);
    this.child.kill(signal);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async ended(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}

describeWithKafka('replicas of a consumer', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let messaging: Messaging;
  let source: SteadySource | undefined;
  const replicas: Replica[] = [];
  const [topic, group] = [`topic-${randomUUID()}`, randomUUID()];

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = await openDatabase({ url: testDatabase.url, schema: 'effects', applicationName: 'replicas' });
    await database.query('CREATE TABLE streams (key text PRIMARY KEY, revision integer NOT NULL, effects integer NOT NULL)');
    await database.query('CREATE TABLE deliveries (replica text NOT NULL, key text NOT NULL, revision integer NOT NULL)');
    await database.query('CREATE TABLE gaps (replica text NOT NULL, key text NOT NULL, revision integer NOT NULL)');
    await database.query('INSERT INTO streams SELECT key, -1, 0 FROM unnest($1::text[]) AS key', [keys]);
    messaging = await openKafkaMessaging({ url: `kafka://127.0.0.1:${sharedKafkaPort()}`, clientId: 'replicas' });
    await messaging.ensureTopics([{ name: topic, partitions: 12 }]);
  });
  afterAll(async () => {
    await source?.end();
    for (const replica of replicas) replica.signal('SIGKILL');
    await Promise.all(replicas.map((replica) => replica.ended()));
    await messaging.close();
    await database.close();
    await testDatabase.drop();
  });

  const start = (name: string): Replica => {
    const kafkaUrl = `kafka://127.0.0.1:${sharedKafkaPort()}`;
    const replica = new Replica({ name, kafkaUrl, databaseUrl: testDatabase.url, group, topic, leaseMillis });
    replicas.push(replica);
    return replica;
  };
  const count = async (query: string, ...parameters: unknown[]): Promise<number> => {
    const [row] = await database.query<{ count: string }>(`SELECT count(*) FROM ${query}`, parameters);
    return Number(row?.count);
  };

  it('that come, go, die and are held up in the middle of their batches neither lose nor double an effect', async () => {
    source = new SteadySource(messaging.publisher(), topic, keys, 100);
    const [leaver, victim] = [start('leaver'), start('victim')];
    await eventually('both work', () => leaver.batches > 2 && victim.batches > 2);
    const sleeper = start('sleeper');
    await eventually('the third works too', () => sleeper.batches > 2);
    await leaver.signalAtWork('SIGTERM');
    await leaver.ended();
    await victim.signalAtWork('SIGKILL');
    const heir = start('heir');
    await eventually('the heir works', () => heir.batches > 2);
    await sleeper.signalAtWork('SIGSTOP');
    const known = source.rounds;
    await eventually('the heir has everything', async () => (await count('streams WHERE revision < $1', known)) === 0);
    sleeper.signal('SIGCONT');
    const before = sleeper.batches;
    await eventually('the sleeper works again', () => sleeper.batches > before + 2);
    await source.end();
    const revisions = source.rounds;
    await eventually('all is done', async () => (await count('streams WHERE revision < $1', revisions - 1)) === 0);
    expect(await count('streams WHERE effects <> $1 OR revision <> $1 - 1', revisions)).toBe(0);
    expect(await count('gaps')).toBe(0);
    // The batch of the victim, at least.
    expect(await count('deliveries')).toBeGreaterThan(keys.length * revisions);
    expect(await count('(SELECT DISTINCT replica FROM deliveries) AS d')).toBe(4);
  });
});
