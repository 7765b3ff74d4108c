import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import type { ReceivedMessage } from '../messaging.js';
import { type HandleMessages, parkedCommand, ParkingLot, parkingMigrations } from './index.js';

const message = (id: string): ReceivedMessage => ({ id, topic: 't', key: 'k', headers: {}, value: '{}', partition: 0, offset: id });

describe('--parked', () => {
  let server: TestDatabase;
  let database: Database;
  let lot: ParkingLot;
  let closed = 0;
  const handled: string[] = [];
  let broken = 'b';

  const options = () => ({ url: server.url, schema: 'consumer', applicationName: 'spec' });
  const handle: HandleMessages = (messages) => {
    for (const { id } of messages) {
      if (id === broken) return Promise.reject(new Error('not yet'));
      handled.push(id);
    }
    return Promise.resolve();
  };
  const command = parkedCommand(
    async () => {
      const own = await openDatabase(options());
      const close = own.close.bind(own);
      own.close = () => {
        closed += 1;
        return close();
      };
      return own;
    },
    () => ({ group: 'group', handle }),
  );
  const say = async (...args: readonly string[]) => {
    const lines: string[] = [];
    return { code: await command.run({}, args, (line) => lines.push(line)), lines };
  };

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase(options());
    await database.migrate(parkingMigrations);
    lot = new ParkingLot(database, 'group');
    await database.transaction((tx) => lot.park(tx, message('a'), 'it was broken'));
    await database.transaction((tx) => lot.append(tx, 't', [message('b'), message('c')]));
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  it('shows, replays up to what still fails, and then the rest', async () => {
    const listed = await say('list');
    expect([listed.code, listed.lines.map((line): unknown => JSON.parse(line))]).toEqual([
      0,
      [{ topic: 't', key: 'k', reason: 'it was broken', parkedAt: expect.any(String), messages: 3 }],
    ]);
    expect(await say('replay', 't', 'k')).toEqual({ code: 1, lines: ['replayed 1 messages; message b still fails: Error: not yet'] });
    broken = '';
    expect(await say('replay', 't', 'k')).toEqual({ code: 0, lines: ['replayed 2 messages; the key flows again'] });
    expect([handled, await say('list')]).toEqual([['a', 'b', 'c'], { code: 0, lines: [] }]);
  });

  it('drops', async () => {
    await database.transaction((tx) => lot.park(tx, message('d'), 'it was broken'));
    expect(await say('drop', 't', 'k')).toEqual({ code: 0, lines: ['dropped 1 messages; the key flows again'] });
    expect(handled).not.toContain('d');
  });

  it.each([[[]], [['replay']], [['replay', 't']], [['forget', 't', 'k']]])(
    'explains itself for %j, and closes what it opened',
    async (args) => {
      const before = closed;
      expect(await say(...args)).toEqual({ code: 2, lines: [expect.stringContaining('usage:')] });
      expect(closed).toBe(before + 1);
    },
  );
});
