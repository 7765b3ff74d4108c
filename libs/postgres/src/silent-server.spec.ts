import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  acquireLease,
  DatabaseUnavailable,
  LeaseTable1767225600000,
  openDatabase,
  workList,
  WorkLoop,
  workListTable,
  type Database,
  type DatabaseOptions,
} from './index.js';
import { createTestDatabase, outageFor, until, type Outage, type TestDatabase } from './testing/index.js';

class Tasks1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of workListTable('task')) await runner.query(statement);
    await runner.query('CREATE TABLE note (text text NOT NULL)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE note, task');
  }
}

const tasks = workList('task');
const never = new AbortController().signal;

let server: TestDatabase;
let observer: Database;
let outage: Outage;
let opened: Database[] = [];

/** By the way that can fall silent. */
const open = async (options: Partial<DatabaseOptions> = {}): Promise<Database> => {
  const made = await openDatabase({ url: outage.url, schema: 'silent', applicationName: 'spec', ...options });
  opened.push(made);
  return made;
};

/** Sessions that wait in the pool for somebody to use them. */
const warm = (database: Database, count: number): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, () => database.query('SELECT pg_sleep(0.05)')));

const outcomeOf = (call: Promise<unknown>): { readonly ended: unknown } => {
  const outcome: { ended: unknown } = { ended: undefined };
  void call.then(
    () => (outcome.ended = 'answered'),
    (error: unknown) => (outcome.ended = error),
  );
  return outcome;
};

const sessions = async (): Promise<number> =>
  Number((await observer.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'spec'"))[0]?.count);

beforeAll(async () => {
  server = await createTestDatabase();
  observer = await openDatabase({ url: server.url, schema: 'silent', applicationName: 'observer' });
  await observer.migrate([LeaseTable1767225600000, Tasks1700000000003]);
});
beforeEach(async () => {
  outage = await outageFor(server.url);
});
afterEach(async () => {
  outage.speak();
  await Promise.all(opened.map((one) => one.close()));
  opened = [];
  await outage.close();
});
afterAll(async () => {
  await observer.close();
  await server.drop();
});

describe('a server that has fallen silent', () => {
  it('is DatabaseUnavailable to everybody long before a client of the APIs gives up, whether they have a session or wait for one', async () => {
    const database = await open({ poolSize: 2 });
    await warm(database, 2);
    outage.silence();
    const calls = [
      ...Array.from({ length: 6 }, () => database.query('SELECT 1')),
      database.transaction((tx) => tx.query('SELECT 1')),
      // Waits for one that has waited in vain, and tidies up.
      database.query('SELECT 1').catch(() => database.query('SELECT 2')),
    ].map(outcomeOf);
    await until(() => calls.every(({ ended }) => ended !== undefined), 12_500);
    for (const { ended } of calls) expect(ended).toBeInstanceOf(DatabaseUnavailable);
  });

  it('costs no call more once another one answers, though every session of before is dead', async () => {
    const database = await open({ poolSize: 4, statementTimeoutMillis: 100 });
    const pids = async () =>
      (
        await Promise.all(
          Array.from({ length: 4 }, () => database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid, pg_sleep(0.05)')),
        )
      )
        .flat()
        .map(({ pid }) => pid);
    const dead = await pids();
    for (const pid of dead) process.kill(pid, 'SIGSTOP');
    try {
      await expect(database.ping()).rejects.toBeInstanceOf(DatabaseUnavailable);
      const living = await pids();
      expect(new Set([...dead, ...living]).size).toBe(8);
    } finally {
      for (const pid of dead) process.kill(pid, 'SIGCONT');
    }
    await until(async () => (await sessions()) === 4);
  });

  it('carries out what it was sent before, but no transaction', async () => {
    const database = await open({ statementTimeoutMillis: 100 });
    await warm(database, 2);
    outage.silence();
    await Promise.allSettled([
      database.query("INSERT INTO note VALUES ('sent')"),
      database.transaction((tx) => tx.query("INSERT INTO note VALUES ('in a transaction')")),
    ]);
    outage.speak();
    await until(async () => (await observer.query('SELECT text FROM note')).length > 0);
    await until(async () => (await sessions()) === 0);
    expect(await observer.query('SELECT text FROM note')).toEqual([{ text: 'sent' }]);
  });

  it('does not keep a database from closing', async () => {
    const database = await open({ statementTimeoutMillis: 100 });
    const listening = await database.listen('bell', () => undefined);
    await warm(database, 2);
    outage.silence();
    const asked = outcomeOf(database.ping());
    await listening.stop();
    await database.close();
    expect(asked.ended).toBeInstanceOf(DatabaseUnavailable);
  });

  it('is listened to again afterwards, on channels too that were asked for meanwhile', async () => {
    const database = await open({ statementTimeoutMillis: 100 });
    let first = 0;
    let second = 0;
    await database.listen('first', () => (first += 1));
    outage.silence();
    await database.listen('second', () => (second += 1));
    outage.speak();
    await until(() => second > 0);
    const before = [first, second];
    observer.notify('first');
    observer.notify('second');
    await until(() => first > before[0]! && second > before[1]!);
  });
});

/** What a claim that nobody is told of would hold, it would hold for so long. */
const longLease = 600_000;

describe('claims sent to a server that has fallen silent', () => {
  it('hold nothing when it carries them out', async () => {
    const database = await open({ statementTimeoutMillis: 100 });
    await tasks.add(observer, [{ id: 'task', lane: null, dueAt: '2020-01-01T00:00:00Z', payload: {} }]);
    await warm(database, 1);
    outage.silence();
    let failures = 0;
    const handled: string[] = [];
    const loop = new WorkLoop({
      name: 'tasks',
      database,
      list: tasks,
      owner: 'loop',
      parallel: 1,
      leaseMillis: longLease,
      pollMillis: 20,
      onError: () => (failures += 1),
      handle: ({ id }) => {
        handled.push(id);
        return Promise.resolve({ do: 'complete' });
      },
    });
    await loop.start();
    await until(() => failures > 0);
    outage.speak();
    await until(() => handled.length > 0);
    await loop.stop();
    expect(handled).toEqual(['task']);
  });

  it('of a lease neither', async () => {
    const database = await open({ statementTimeoutMillis: 100 });
    await database.listen('lease_released', () => undefined);
    await warm(database, 2);
    outage.silence();
    const waiting = new AbortController();
    const first = acquireLease(database, { name: 'single', owner: 'first', ttlMillis: longLease }, waiting.signal);
    await expect(database.ping()).rejects.toBeInstanceOf(DatabaseUnavailable);
    waiting.abort();
    outage.speak();
    expect(await first).toBeNull();
    const second = await acquireLease(observer, { name: 'single', owner: 'second', ttlMillis: longLease }, never);
    await second?.release();
    expect(second?.signal.aborted).toBe(true);
  });
});

describe('the work of a loop whose server has fallen silent', () => {
  it('is told when its lease has run out', async () => {
    const database = await open();
    await tasks.add(observer, [{ id: 'long', lane: null, dueAt: '2020-01-01T00:00:00Z', payload: {} }]);
    let aborted = false;
    const loop = new WorkLoop({
      name: 'tasks',
      database,
      list: tasks,
      owner: 'loop',
      parallel: 1,
      leaseMillis: 300,
      onError: () => undefined,
      handle: (_item, signal) =>
        new Promise((resolve) => {
          outage.silence();
          signal.addEventListener('abort', () => {
            aborted = true;
            resolve({ do: 'release' });
          });
        }),
    });
    await loop.start();
    // Sooner than any statement is given up.
    await until(() => aborted, 4_000);
    outage.speak();
    await loop.stop();
  });
});
