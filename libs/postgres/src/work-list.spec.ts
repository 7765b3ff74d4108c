import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openDatabase, workList, workListTable, type ClaimedWork, type Database, type NewWork } from './index.js';
import { createTestDatabase, until, type TestDatabase } from './testing/index.js';

class Jobs1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of workListTable('job')) await runner.query(statement);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE job');
  }
}

const jobs = workList('job');
const past = (minute: number): string => `2020-01-01T00:${String(minute).padStart(2, '0')}:00.000000Z`;
const job = (id: string, lane: string | null = null, dueAt = past(0)): NewWork => ({ id, lane, dueAt, payload: { of: id } });
const ids = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id);

let server: TestDatabase;
let db: Database;

const claim = (options: Partial<Parameters<typeof jobs.claim>[1]> = {}): Promise<readonly ClaimedWork[]> =>
  jobs.claim(db, { owner: 'me', limit: 100, leaseMillis: 60_000, ...options });
const claimOne = async (options: Partial<Parameters<typeof jobs.claim>[1]> = {}): Promise<ClaimedWork> => {
  const [item] = await claim({ limit: 1, ...options });
  if (!item) throw new Error('nothing to claim');
  return item;
};

beforeAll(async () => {
  server = await createTestDatabase();
  db = await openDatabase({ url: server.url, schema: 'launcher', applicationName: 'spec', poolSize: 10 });
  await db.migrate([Jobs1700000000001]);
});
beforeEach(async () => {
  await db.query('TRUNCATE job');
});
afterAll(async () => {
  await db.close();
  await server.drop();
});

describe('claiming', () => {
  it('takes what is due, earliest first, with what was put into it', async () => {
    await jobs.add(db, [job('late', null, past(2)), job('early', null, past(1)), job('future', null, '2999-01-01T00:00:00Z')]);
    const claimed = await claim();
    const { claim: number } = claimed[0]!;
    expect(claimed).toEqual([
      { id: 'early', lane: null, dueAt: past(1), payload: { of: 'early' }, attempts: 1, claim: number },
      { id: 'late', lane: null, dueAt: past(2), payload: { of: 'late' }, attempts: 1, claim: number },
    ]);
    expect(await claim()).toEqual([]);
  });

  it('looks ahead when asked', async () => {
    const [row] = await db.query<{ soon: string }>("SELECT (now() + interval '1 minute')::text AS soon");
    await jobs.add(db, [job('soon', null, row?.soon)]);
    expect(await claim()).toEqual([]);
    expect(ids(await claim({ aheadMillis: 120_000 }))).toEqual(['soon']);
  });

  it('gives each item to one of many claimers', async () => {
    await jobs.add(
      db,
      Array.from({ length: 300 }, (_, index) => job(`job-${index}`)),
    );
    const claimed = await Promise.all(Array.from({ length: 30 }, (_, index) => claim({ owner: `owner-${index}`, limit: 10 })));
    const rest = await claim({ limit: 300 });
    expect([...ids(claimed.flat()), ...ids(rest)].sort()).toEqual(Array.from({ length: 300 }, (_, index) => `job-${index}`).sort());
  });

  it('gives an item to another one when the lease has run out, and the first can no longer touch it', async () => {
    await jobs.add(db, [job('a')]);
    const first = await claimOne({ owner: 'first', leaseMillis: 1 });
    await until(async () => (await claim({ owner: 'second' })).length === 1);
    expect(await jobs.renew(db, [first], 60_000)).toEqual([]);
    expect(await jobs.complete(db, first)).toBe(false);
    expect(await jobs.reschedule(db, first, { dueAt: past(0) })).toBe(false);
    await jobs.release(db, [first]);
    expect(await db.query('SELECT owner, attempts FROM job')).toEqual([{ owner: 'second', attempts: 2 }]);
  });
});

describe('a lane', () => {
  it('has one item claimed at a time, in the order in which they fall due', async () => {
    await jobs.add(db, [job('b', 'site', past(2)), job('a', 'site', past(1)), job('other', 'elsewhere', past(3))]);
    const [a, other] = await claim();
    expect(ids([a!, other!])).toEqual(['a', 'other']);
    expect(await claim()).toEqual([]);
    await jobs.complete(db, a!);
    expect(ids(await claim())).toEqual(['b']);
  });

  it('is free for the next item while one waits for a later attempt', async () => {
    await jobs.add(db, [job('a', 'site', past(1)), job('b', 'site', past(2))]);
    await jobs.reschedule(db, await claimOne(), { dueAt: '2999-01-01T00:00:00Z' });
    expect(ids(await claim())).toEqual(['b']);
  });

  it('still belongs to its item when the lease has run out', async () => {
    await jobs.add(db, [job('a', 'site', past(2))]);
    await claimOne({ leaseMillis: 1 });
    await jobs.add(db, [job('earlier', 'site', past(1))]);
    let next: readonly ClaimedWork[] = [];
    await until(async () => (next = await claim()).length > 0);
    expect(ids(next)).toEqual(['a']);
  });

  it('never has two holders, whatever meets', async () => {
    const lanes = 5;
    await jobs.add(
      db,
      Array.from({ length: 100 }, (_, index) => job(`job-${index}`, `lane-${index % lanes}`, past(index % 7))),
    );
    const busy = new Set<string | null>();
    let done = 0;
    const worker = async (owner: string): Promise<void> => {
      while (done < 100) {
        const items = await claim({ owner, limit: 3 });
        for (const { lane } of items) {
          expect(busy.has(lane)).toBe(false);
          busy.add(lane);
        }
        for (const item of items) {
          await jobs.add(db, [job(`${item.id}+`, item.lane, past(8))]);
          busy.delete(item.lane);
          const isOurs = await jobs.complete(db, item);
          expect(isOurs).toBe(true);
          done += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, index) => worker(`owner-${index}`)));
    expect(done).toBeGreaterThanOrEqual(100);
  });
});

describe('an item', () => {
  it('is added once', async () => {
    expect(await jobs.add(db, [job('a'), job('b')])).toEqual(['a', 'b']);
    expect(await jobs.add(db, [job('b'), job('c')])).toEqual(['c']);
  });

  it('that is put again is open to claims, and who had it finds out', async () => {
    await jobs.put(db, [job('a')]);
    const before = await claimOne();
    await jobs.put(db, [job('a', null, past(9))]);
    expect(await jobs.complete(db, before)).toBe(false);
    expect(await claimOne()).toMatchObject({ id: 'a', dueAt: past(9), attempts: 1 });
  });

  it('that was removed and comes again is another one to whoever had it', async () => {
    await jobs.put(db, [job('a')]);
    const before = await claimOne({ owner: 'first' });
    await jobs.remove(db, 'a');
    await jobs.put(db, [job('a', null, past(9))]);
    const after = await claimOne({ owner: 'second' });
    expect(await jobs.renew(db, [before], 60_000)).toEqual([]);
    expect(await jobs.reschedule(db, before, { dueAt: past(0) })).toBe(false);
    await jobs.release(db, [before]);
    expect(await jobs.complete(db, before)).toBe(false);
    expect(await jobs.complete(db, after)).toBe(true);
  });

  it('keeps its lease by renewing, and is gone when complete', async () => {
    await jobs.add(db, [job('a')]);
    const item = await claimOne({ leaseMillis: 1 });
    expect(await jobs.renew(db, [item], 60_000)).toEqual(['a']);
    expect(await claim({ owner: 'other' })).toEqual([]);
    expect(await jobs.complete(db, item)).toBe(true);
    expect(await jobs.remove(db, 'a')).toBe(false);
  });

  it('can carry on later with another payload', async () => {
    await jobs.add(db, [job('a')]);
    await jobs.reschedule(db, await claimOne(), { dueAt: past(5), payload: { next: 'step' } });
    expect(await claimOne()).toMatchObject({ dueAt: past(5), payload: { next: 'step' }, attempts: 2 });
  });

  it('given back does not count as tried', async () => {
    await jobs.add(db, [job('a')]);
    await jobs.release(db, [await claimOne()]);
    expect(await claimOne()).toMatchObject({ attempts: 1 });
  });
});

it('tells how long there is nothing to do', async () => {
  expect(await jobs.nextDueInMillis(db)).toBeNull();
  await db.query("INSERT INTO job (id, due_at, payload) VALUES ('a', now() + interval '1 hour', '{}')");
  const millis = await jobs.nextDueInMillis(db);
  expect(millis).toBeGreaterThan(3_500_000);
  expect(millis).toBeLessThanOrEqual(3_600_000);
});

it('takes no table name that is not a plain one', () => {
  expect(() => workList('job; DROP TABLE job')).toThrow('plain');
});
