import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DatabaseUnavailable, migrateSchema, openDatabase, type Database, type DatabaseOptions } from './index.js';
import { createTestDatabase, outageFor, until, type TestDatabase } from './testing/index.js';

class Items1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE item');
  }
}

class FirstItem1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("INSERT INTO item VALUES (1, 'first')");
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM item WHERE id = 1');
  }
}

let server: TestDatabase;
let database: Database;
const opened: Database[] = [];
const open = async (options: Partial<DatabaseOptions> = {}): Promise<Database> => {
  const made = await openDatabase({ url: server.url, schema: 'shelf', applicationName: 'spec', patienceMillis: 0, ...options });
  opened.push(made);
  return made;
};

/** Ends every other session of the test's database, as a restart of the server would. */
const endOtherSessions = (by: Database, applicationName = '%') =>
  by.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE $1`,
    [applicationName],
  );

beforeAll(async () => {
  server = await createTestDatabase();
  database = await open();
});

afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await server.drop();
});

describe('migrations', () => {
  it('are waited for by a service that leaves them to a job', async () => {
    const service = await open({ schema: 'shelf_of_a_job' });
    let isReady = false;
    const waiting = service.migrate([Items1700000000001, FirstItem1700000000002], 'wait').then(() => (isReady = true));
    const job = { url: server.url, schema: 'shelf_of_a_job', applicationName: 'job' };
    await migrateSchema(job, [Items1700000000001]);
    expect(isReady).toBe(false);
    await migrateSchema(job, [Items1700000000001, FirstItem1700000000002]);
    await waiting;
    expect(await service.query('SELECT name FROM item')).toEqual([{ name: 'first' }]);
  });

  it('are waited for no longer once the database is closed', async () => {
    const service = await open({ schema: 'shelf_of_nobody' });
    const waiting = service.migrate([Items1700000000001], 'wait').catch((error: unknown) => error);
    await service.ping();
    await service.close();
    expect(await waiting).toBeInstanceOf(DatabaseUnavailable);
  });

  it('run once, in order, in the schema of the service, however many start together', async () => {
    const replicas = await Promise.all(Array.from({ length: 4 }, () => open()));
    await Promise.all(replicas.map((replica) => replica.migrate([FirstItem1700000000002, Items1700000000001])));
    expect(await database.query('SELECT id, name FROM shelf.item')).toEqual([{ id: 1, name: 'first' }]);
    expect(await database.query('SELECT name FROM shelf.migrations ORDER BY id')).toEqual([
      { name: 'Items1700000000001' },
      { name: 'FirstItem1700000000002' },
    ]);
  });

  it('of two services in one database do not see each other', async () => {
    const other = await open({ schema: 'drawer' });
    await other.migrate([Items1700000000001]);
    expect(await other.query('SELECT id FROM item')).toEqual([]);
    expect(await database.query('SELECT id FROM item')).toEqual([{ id: 1 }]);
  });
});

describe('a transaction', () => {
  it('commits what resolves', async () => {
    await database.transaction((tx) => tx.query("INSERT INTO item VALUES (10, 'ten')"));
    expect(await database.query('SELECT name FROM item WHERE id = 10')).toEqual([{ name: 'ten' }]);
  });

  it('rolls back what rejects, and gives the error on as it is', async () => {
    const refused = new Error('no');
    const work = database.transaction(async (tx) => {
      await tx.query("INSERT INTO item VALUES (11, 'eleven')");
      throw refused;
    });
    await expect(work).rejects.toBe(refused);
    expect(await database.query('SELECT name FROM item WHERE id = 11')).toEqual([]);
  });

  it('does not claim to have committed after a swallowed error', async () => {
    const work = database.transaction(async (tx) => {
      await tx.query("INSERT INTO item VALUES (12, 'twelve')");
      await tx.query("INSERT INTO item VALUES (12, 'again')").catch(() => undefined);
    });
    await expect(work).rejects.toThrow('rolled back');
  });

  it('cannot be used after its end', async () => {
    const leaked = await database.transaction(async (tx) => ({ tx }));
    await expect(leaked.tx.query('SELECT 1')).rejects.toThrow('has ended');
  });
});

describe('errors', () => {
  it('of the statement stay the driver’s, and do not cost the connection', async () => {
    const small = await open({ poolSize: 1 });
    const pid = () => small.query('SELECT pg_backend_pid() AS pid');
    const before = await pid();
    await expect(small.query("INSERT INTO item VALUES (1, 'again')")).rejects.toMatchObject({ code: '23505' });
    expect(await pid()).toEqual(before);
  });

  it('of the connection are DatabaseUnavailable', async () => {
    const work = database.transaction(async (tx) => {
      const [me] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const assassin = await open();
      await assassin.query('SELECT pg_terminate_backend($1)', [me?.pid]);
      await tx.query("INSERT INTO item VALUES (20, 'lost')");
    });
    await expect(work).rejects.toBeInstanceOf(DatabaseUnavailable);
    expect(await database.query('SELECT FROM item WHERE id = 20')).toEqual([]);
  });

  it('of idle connections go by unnoticed', async () => {
    const victim = await open({ applicationName: 'victim' });
    await victim.ping();
    await endOtherSessions(database, 'victim');
    await expect(victim.ping().catch(() => victim.ping())).resolves.toBeUndefined();
  });

  it('say that nobody listens', async () => {
    const url = new URL(server.url);
    url.port = '1';
    await expect(openDatabase({ url: url.href, schema: 'shelf', applicationName: 'spec', patienceMillis: 0 })).rejects.toBeInstanceOf(
      DatabaseUnavailable,
    );
  });

  it('say that a statement took too long', async () => {
    const hasty = await open({ statementTimeoutMillis: 50 });
    await expect(hasty.query('SELECT pg_sleep(30)')).rejects.toBeInstanceOf(DatabaseUnavailable);
  });

  it('after closing are DatabaseUnavailable too', async () => {
    const closed = await open();
    await closed.close();
    await expect(closed.query('SELECT 1')).rejects.toBeInstanceOf(DatabaseUnavailable);
  });
});

const listenTo = async (listener: Database) => {
  const wakes = { count: 0 };
  return Object.assign(wakes, await listener.listen('ring', () => (wakes.count += 1)));
};

describe('notifications', () => {
  it('wake every listener of their channel until it stops', async () => {
    const listener = await open();
    const [first, second] = [await listenTo(listener), await listenTo(listener)];
    const before = [first.count, second.count];
    database.notify('ring');
    await until(() => first.count > before[0]! && second.count > before[1]!);
    await first.stop();
    const [stopped, listening] = [first.count, second.count];
    database.notify('ring');
    await until(() => second.count > listening);
    expect(first.count).toBe(stopped);
  });

  it('come back after the connection was lost, with a wake-up for what was missed', async () => {
    const deaf = await listenTo(await open({ applicationName: 'deaf' }));
    const before = deaf.count;
    await endOtherSessions(database, 'deaf');
    await until(() => deaf.count > before);
    const woken = deaf.count;
    database.notify('ring');
    await until(() => deaf.count > woken);
    await deaf.stop();
  });
});

describe('a server that is away', () => {
  it('is waited for while it starts', async () => {
    const outage = await outageFor(server.url);
    await outage.interrupt();
    const opening = openDatabase({ url: outage.url, schema: 'shelf', applicationName: 'spec' });
    await outage.restore();
    const late = await opening;
    await late.ping();
    await late.close();
    await outage.close();
  });

  it('costs a notification, and nothing else: calls work again when it is back', async () => {
    const outage = await outageFor(server.url);
    const remote = await openDatabase({ url: outage.url, schema: 'shelf', applicationName: 'spec' });
    const heard = await listenTo(database);
    await outage.interrupt();
    remote.notify('ring');
    await expect(remote.transaction((tx) => tx.query('SELECT 1'))).rejects.toBeInstanceOf(DatabaseUnavailable);
    await outage.restore();
    await remote.ping();
    const before = heard.count;
    remote.notify('ring');
    await until(() => heard.count > before);
    await remote.close();
    await outage.close();
    await heard.stop();
  });
});
