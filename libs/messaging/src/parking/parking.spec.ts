import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Database, DatabaseUnavailable, openDatabase } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import type { BatchContext, ReceivedMessage } from '../messaging.js';
import { eventually } from '../testing/eventually.js';
import { Gate } from '../testing/gate.js';
import { type HandleMessages, ParkingLot, parkingHandler, parkingMigrations, type ParkingOptions } from './index.js';

const topic = 'topic-1';
const group = 'group-1';

/** `a1` is the first message of key `a`. */
const message = (name: string): ReceivedMessage => ({
  id: name,
  topic,
  key: name.slice(0, 1),
  headers: { ce_id: name },
  value: `{"name":"${name}"}`,
  partition: 0,
  offset: name.slice(1),
});
const batchOf = (...names: readonly string[]) => ({ topic, partition: 0, messages: names.map(message) });
const quiet = (signal = new AbortController().signal): BatchContext => ({ signal, heartbeat: () => Promise.resolve() });

describe('parking', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let lot: ParkingLot;
  /** Messages that cannot be handled, and how often they still fail. */
  let broken: Map<string, number>;
  let calls: string[];
  let parked: string[];

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = await openDatabase({ url: testDatabase.url, schema: 'consumer', applicationName: 'parking' });
    await database.migrate(parkingMigrations);
    await database.query('CREATE TABLE effects (place bigint GENERATED ALWAYS AS IDENTITY, id text UNIQUE, key text)');
    lot = new ParkingLot(database, group);
  });
  beforeEach(() => {
    broken = new Map();
    calls = [];
    parked = [];
  });
  afterEach(() => database.query('TRUNCATE effects, parked_keys CASCADE'));
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const handle: HandleMessages = async (messages, tx) => {
    calls.push(messages.map(({ id }) => id).join(' '));
    for (const { id, key } of messages) {
      await tx.query('INSERT INTO effects (id, key) VALUES ($1, $2) ON CONFLICT DO NOTHING', [id, key]);
      const failures = broken.get(id) ?? 0;
      broken.set(id, failures - 1);
      if (failures > 0) throw new TypeError(`cannot handle ${id}`);
    }
  };
  const handler = (options: Partial<ParkingOptions> = {}) =>
    parkingHandler({ database, group, handle, attempts: 3, onParked: ({ id }) => parked.push(id), ...options });
  const effects = async (key?: string): Promise<string> => {
    const rows = await database.query<{ id: string }>('SELECT id FROM effects WHERE $1::text IS NULL OR key = $1 ORDER BY place', [
      key ?? null,
    ]);
    return rows.map(({ id }) => id).join(' ');
  };
  const waiting = async (key: string): Promise<string> => (await lot.read({ topic, key })).map(({ id }) => id).join(' ');

  const park = async (...names: readonly string[]): Promise<void> => {
    broken.set(names[0] ?? '', Infinity);
    await handler()(batchOf(...names), quiet());
    broken.clear();
  };

  it('hands a good batch over whole', async () => {
    await handler()(batchOf('a1', 'b1', 'a2'), quiet());
    expect(calls).toEqual(['a1 b1 a2']);
    expect(await effects()).toBe('a1 b1 a2');
  });

  it('parks what keeps failing with all later messages of its key, in order, and lets the other keys go on', async () => {
    broken.set('a2', Infinity);
    await handler()(batchOf('a1', 'b1', 'a2', 'a3', 'b2', 'a4', 'c1'), quiet());
    await handler()(batchOf('b3', 'a5', 'a6'), quiet());
    expect(await effects('a')).toBe('a1');
    expect(await effects('b')).toBe('b1 b2 b3');
    expect(await effects('c')).toBe('c1');
    expect(await waiting('a')).toBe('a2 a3 a4 a5 a6');
    expect(parked).toEqual(['a2']);
    expect(calls.filter((call) => call === 'a2').length).toBe(3);
    expect(calls.some((call) => /a[3-6]/.test(call) && !call.includes('a2'))).toBe(false);
    expect(await lot.count()).toEqual({ keys: 1, messages: 5 });
    expect(await lot.list()).toMatchObject([{ topic, key: 'a', reason: 'TypeError: cannot handle a2', messages: 5 }]);
    expect((await lot.read({ topic, key: 'a' }))[0]).toEqual(message('a2'));
  });

  it('parks nothing that succeeds within its attempts, and keeps its key in order', async () => {
    broken.set('a1', 3);
    await handler()(batchOf('a1', 'a2', 'b1'), quiet());
    expect(await effects('a')).toBe('a1 a2');
    expect(await lot.count()).toEqual({ keys: 0, messages: 0 });
  });

  it('leaves other groups and other topics alone', async () => {
    broken.set('a1', Infinity);
    await handler()(batchOf('a1'), quiet());
    broken.clear();
    await handler({ group: 'group-2' })(batchOf('a1', 'a2'), quiet());
    await handler()({ topic: 'topic-2', partition: 0, messages: [{ ...message('a3'), topic: 'topic-2' }] }, quiet());
    expect(await effects('a')).toBe('a1 a2 a3');
    expect(await new ParkingLot(database, 'group-2').list()).toEqual([]);
  });

  it('parks a message once, however often its batch comes', async () => {
    broken.set('a1', Infinity);
    for (let time = 0; time < 3; time++) await handler()(batchOf('a1', 'a2'), quiet());
    expect(await waiting('a')).toBe('a1 a2');
    expect(parked).toEqual(['a1']);
  });

  it.each([
    ['an outage of Postgres', new DatabaseUnavailable('gone')],
    ['an outage of the event store', Object.assign(new Error('gone'), { code: 'store_unavailable' })],
    ['what the consumer calls transient', new RangeError('later')],
  ])('takes %s for nobody’s fault', async (_what, error) => {
    const failing = handler({ handle: () => Promise.reject(error), isTransient: (given) => given instanceof RangeError });
    await expect(failing(batchOf('a1', 'b1'), quiet())).rejects.toBe(error);
    expect(await lot.count()).toEqual({ keys: 0, messages: 0 });
  });

  it('writes nothing more once its partition is lost', async () => {
    const lost = new AbortController();
    const late: HandleMessages = async (messages, tx) => {
      await handle(messages, tx);
      lost.abort(new Error('lost'));
    };
    await expect(handler({ handle: late })(batchOf('a1'), quiet(lost.signal))).rejects.toThrow('lost');
    const failing = new AbortController();
    const rejection = handler({
      handle: () => {
        failing.abort(new Error('lost'));
        return Promise.reject(new TypeError('a bug'));
      },
    })(batchOf('a1'), quiet(failing.signal));
    await expect(rejection).rejects.toThrow('a bug');
    expect(await effects()).toBe('');
    expect(await lot.count()).toEqual({ keys: 0, messages: 0 });
  });

  it('shows signs of life while it handles one by one', async () => {
    broken.set('a1', Infinity);
    let beats = 0;
    await handler()(batchOf('a1', 'b1', 'c1'), { ...quiet(), heartbeat: () => Promise.resolve(void beats++) });
    expect(beats).toBeGreaterThanOrEqual(5);
  });

  describe('replay', () => {
    it('handles what is parked in order and lets the key flow again', async () => {
      await park('a1', 'a2', 'a3');
      expect(await lot.replay({ topic, key: 'a' }, handle)).toEqual({ ok: true, replayed: 3 });
      await handler()(batchOf('a4'), quiet());
      expect(await effects('a')).toBe('a1 a2 a3 a4');
      expect(await lot.count()).toEqual({ keys: 0, messages: 0 });
    });

    it('stops at a message that still fails and leaves the rest as it was', async () => {
      await park('a1', 'a2', 'a3');
      broken.set('a2', 1);
      expect(await lot.replay({ topic, key: 'a' }, handle)).toMatchObject({ ok: false, replayed: 1, failedId: 'a2' });
      await handler()(batchOf('a4'), quiet());
      expect(await effects('a')).toBe('a1');
      expect(await waiting('a')).toBe('a2 a3 a4');
      expect(await lot.replay({ topic, key: 'a' }, handle)).toEqual({ ok: true, replayed: 3 });
      expect(await effects('a')).toBe('a1 a2 a3 a4');
    });

    it('keeps a live batch of the key waiting until the last parked message is handled', async () => {
      await park('a1');
      const [inside, gate] = [new Gate(), new Gate()];
      const replaying = lot.replay({ topic, key: 'a' }, async (messages, tx) => {
        inside.open();
        await gate.opened;
        await handle(messages, tx);
      });
      await inside.opened;
      let handled = false;
      const live = handler()(batchOf('a2', 'b1'), quiet()).then(() => (handled = true));
      const blocked = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%parked_keys%FOR SHARE%'";
      await eventually('the live batch waits', async () => (await database.query(blocked)).length === 1);
      expect(handled).toBe(false);
      gate.open();
      await Promise.all([replaying, live]);
      // Handled by the replay if it was quicker to park it behind, by the consumer otherwise.
      expect(await effects('a')).toBe('a1 a2');
      expect(await lot.count()).toEqual({ keys: 0, messages: 0 });
    });

    it('beside a live consumer keeps every key complete and in order', async () => {
      const live = handler();
      const names = Array.from({ length: 60 }, (_, index) => `a${index + 10}`);
      await park('a1', 'a2');
      const done = new AbortController();
      const replaying = (async () => {
        while (!done.signal.aborted || (await lot.count()).keys > 0) await lot.replay({ topic, key: 'a' }, handle);
      })();
      for (const [index, name] of names.entries()) {
        if (index % 6 === 0) broken.set(name, 4);
        await live(batchOf(name, `b${index}`), quiet());
      }
      done.abort();
      await replaying;
      expect(await effects('a')).toBe(['a1', 'a2', ...names].join(' '));
    });

    it('is not needed for what may be dropped', async () => {
      await park('a1', 'a2');
      expect(await lot.drop({ topic, key: 'a' })).toBe(2);
      await handler()(batchOf('a3'), quiet());
      expect(await effects('a')).toBe('a3');
      expect(await lot.drop({ topic, key: 'a' })).toBe(0);
    });
  });
});
