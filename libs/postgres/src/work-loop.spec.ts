import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openDatabase, workList, WorkLoop, workListTable, type Database, type WorkLoopOptions } from './index.js';
import { createTestDatabase, until, type TestDatabase } from './testing/index.js';

class Chores1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of workListTable('chore')) await runner.query(statement);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chore');
  }
}

const chores = workList('chore');
const past = '2020-01-01T00:00:00Z';

let server: TestDatabase;
let db: Database;
let loops: WorkLoop[] = [];

const startLoop = async (options: Pick<WorkLoopOptions, 'handle'> & Partial<WorkLoopOptions>): Promise<WorkLoop> => {
  const loop = new WorkLoop({
    name: 'jobs',
    database: db,
    list: chores,
    owner: `loop-${loops.length}`,
    parallel: 4,
    leaseMillis: 3_000,
    pollMillis: 20,
    onError: () => undefined,
    ...options,
  });
  loops.push(loop);
  await loop.start();
  return loop;
};

const add = (...ids: string[]): Promise<unknown> =>
  chores.add(
    db,
    ids.map((id) => ({ id, lane: null, dueAt: past, payload: {} })),
  );
const left = async (): Promise<number> => (await db.query('SELECT id FROM chore')).length;

beforeAll(async () => {
  server = await createTestDatabase();
  db = await openDatabase({ url: server.url, schema: 'work', applicationName: 'spec', poolSize: 10 });
  await db.migrate([Chores1700000000002]);
});
beforeEach(async () => {
  loops = [];
  await db.query('TRUNCATE chore');
});
afterEach(async () => {
  await Promise.all(loops.map((loop) => loop.stop()));
});
afterAll(async () => {
  await db.close();
  await server.drop();
});

describe('a work loop', () => {
  it('hands each item to one of the loops, and no more at once than it may', async () => {
    const seen: string[] = [];
    let atOnce = 0;
    let most = 0;
    const handle: WorkLoopOptions['handle'] = async ({ id }) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      seen.push(id);
      await db.query('SELECT pg_sleep(0.01)');
      atOnce -= 1;
      return { do: 'complete' };
    };
    await add(...Array.from({ length: 40 }, (_, index) => `chore-${index}`));
    await startLoop({ handle, parallel: 2 });
    await startLoop({ handle, parallel: 2 });
    await until(async () => (await left()) === 0);
    expect(seen.toSorted()).toEqual([...new Set(seen)].toSorted());
    expect(seen).toHaveLength(40);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('brings an item whose handler failed again, with what was said', async () => {
    const errors: unknown[] = [];
    const failure = new Error('not now');
    let tries = 0;
    await add('stubborn');
    await startLoop({
      onError: (error) => errors.push(error),
      handle: ({ attempts }) => {
        tries += 1;
        return attempts === 1 ? Promise.reject(failure) : Promise.resolve({ do: 'complete' });
      },
    });
    await until(async () => (await left()) === 0);
    expect(tries).toBe(2);
    expect(errors).toEqual([failure]);
  });

  it('lets the pause after a failure grow no longer than told', async () => {
    await add('urgent');
    let tries = 0;
    await startLoop({
      longestRetryPauseMillis: 1,
      handle: () => {
        tries += 1;
        return tries < 12 ? Promise.reject(new Error('not now')) : Promise.resolve({ do: 'complete' });
      },
    });
    // By doubling alone the twelfth try would come after minutes.
    await until(async () => (await left()) === 0);
    expect(tries).toBe(12);
  });

  it('reschedules with a new payload', async () => {
    await add('later');
    let done = false;
    await startLoop({
      handle: () => {
        done = true;
        return Promise.resolve({ do: 'reschedule', dueAt: '2999-01-01T00:00:00Z', payload: { tries: 1 } });
      },
    });
    await until(
      async () => done && (await db.query('SELECT id FROM chore WHERE payload = \'{"tries": 1}\' AND owner IS NULL')).length === 1,
    );
    expect(await left()).toBe(1);
  });

  it('keeps the lease of long work, so that nobody else takes it up', async () => {
    let begun = 0;
    const gate = new AbortController();
    const handle: WorkLoopOptions['handle'] = async () => {
      begun += 1;
      await once(gate.signal, 'abort');
      return { do: 'complete' };
    };
    await add('long');
    await startLoop({ handle, leaseMillis: 2_000 });
    await startLoop({ handle, leaseMillis: 2_000 });
    const [first] = await db.query<{ until: string }>("SELECT (now() + interval '4 s')::text AS until");
    await until(async () => (await db.query('SELECT WHERE now() > $1::timestamptz', [first?.until])).length === 1);
    gate.abort();
    await until(async () => (await left()) === 0);
    expect(begun).toBe(1);
  });

  it('tells the handler when its item was taken away', async () => {
    let aborted = false;
    await add('stolen');
    await startLoop({
      leaseMillis: 150,
      handle: (_item, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            resolve({ do: 'complete' });
          });
          void chores.put(db, [{ id: 'stolen', lane: null, dueAt: '2999-01-01T00:00:00Z', payload: {} }]);
        }),
    });
    await until(() => Promise.resolve(aborted));
    expect(await left()).toBe(1); // Its late verdict changes nothing.
  });

  it('stops: handlers are told, what they release is free for others at once', async () => {
    let begun = false;
    await add('interrupted');
    const loop = await startLoop({
      leaseMillis: 60_000,
      handle: (_item, signal) =>
        new Promise((resolve) => {
          begun = true;
          signal.addEventListener('abort', () => resolve({ do: 'release' }));
        }),
    });
    await until(() => Promise.resolve(begun));
    await loop.stop();
    expect(await chores.claim(db, { owner: 'next', limit: 1, leaseMillis: 1_000 })).toHaveLength(1);
  });
});
