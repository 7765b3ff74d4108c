import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acquireLease, LeaseTable1767225600000, openDatabase, type Database, type Lease } from './index.js';
import { createTestDatabase, until, type TestDatabase } from './testing/index.js';

let server: TestDatabase;
let observer: Database;
const opened: Database[] = [];
const open = async (): Promise<Database> => {
  const made = await openDatabase({ url: server.url, schema: 'relay', applicationName: 'spec' });
  opened.push(made);
  return made;
};
const never = new AbortController().signal;
const acquire = async (database: Database, name: string, owner: string, ttlMillis = 2_000): Promise<Lease> => {
  const lease = await acquireLease(database, { name, owner, ttlMillis }, never);
  if (!lease) throw new Error('gave up without being told to');
  return lease;
};

beforeAll(async () => {
  server = await createTestDatabase();
  observer = await open();
  await observer.migrate([LeaseTable1767225600000]);
});

afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await server.drop();
});

describe('a lease', () => {
  it('has one owner at a time, and a larger token for each', async () => {
    const databases = await Promise.all([open(), open(), open()]);
    let holders = 0;
    const tokens: bigint[] = [];
    await Promise.all(
      databases.flatMap((database, index) =>
        [0, 1, 2].map(async (round) => {
          const lease = await acquire(database, 'crowd', `owner-${index}-${round}`, 60_000);
          holders += 1;
          expect(holders).toBe(1);
          tokens.push(lease.token);
          await database.ping();
          holders -= 1;
          await lease.release();
        }),
      ),
    );
    expect(tokens).toEqual([...tokens].sort((a, b) => Number(a - b)));
    expect(new Set(tokens).size).toBe(9);
  });

  it('is renewed beyond its time', async () => {
    const lease = await acquire(observer, 'long', 'owner');
    const expiry = async () =>
      (await observer.query<{ at: string }>("SELECT extract(epoch FROM expires_at) AS at FROM lease WHERE name = 'long'"))[0]?.at;
    const first = Number(await expiry());
    await until(async () => Number(await expiry()) > first + 3);
    expect(lease.signal.aborted).toBe(false);
    await lease.release();
  });

  it('goes at once to who waits when it is released', async () => {
    const first = await acquire(observer, 'handed', 'first', 60_000);
    const second = acquire(await open(), 'handed', 'second', 60_000);
    await first.release();
    expect(first.signal.aborted).toBe(true);
    expect((await second).token).toBe(first.token + 1n);
    await (await second).release();
  });

  it('of an owner that can no longer renew ends for itself first, then goes to another', async () => {
    const cutOff = await open();
    const lost = await acquire(cutOff, 'cut', 'first');
    await cutOff.close();
    const taken = await acquire(observer, 'cut', 'second');
    expect(lost.signal.aborted).toBe(true);
    expect(taken.token).toBe(lost.token + 1n);
    await taken.release();
  });

  it('survives that the connections break', async () => {
    const lease = await acquire(observer, 'broken', 'owner', 6_000);
    const expiry = () => observer.query("SELECT expires_at::text FROM lease WHERE name = 'broken'");
    const assassin = await open();
    await assassin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    const before = await assassin.query("SELECT expires_at::text FROM lease WHERE name = 'broken'");
    await until(async () => JSON.stringify(await expiry().catch(() => before)) !== JSON.stringify(before));
    expect(lease.signal.aborted).toBe(false);
    await lease.release();
  });

  it('is lost when another one has it', async () => {
    const lease = await acquire(observer, 'stolen', 'first');
    await observer.query("UPDATE lease SET owner = 'thief', token = token + 1 WHERE name = 'stolen'");
    await until(() => lease.signal.aborted);
    expect(await observer.query("SELECT owner FROM lease WHERE name = 'stolen'")).toEqual([{ owner: 'thief' }]);
  });

  it('is not waited for any longer when told to stop', async () => {
    const lease = await acquire(observer, 'kept', 'first', 60_000);
    const patience = new AbortController();
    const waiting = acquireLease(await open(), { name: 'kept', owner: 'second', ttlMillis: 60_000 }, patience.signal);
    patience.abort();
    expect(await waiting).toBeNull();
    await lease.release();
  });
});
