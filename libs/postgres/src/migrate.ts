import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { MigrationInterface } from 'typeorm';
import { connectionConfig, quoteIdentifier } from './connection.js';
import { DatabaseUnavailable, type DatabaseOptions, type Queryable } from './database.js';
import { isMissingTable, translated } from './unavailable.js';

/** TypeORM has no lock of its own: of two processes that start together one would fail at the table of migrations. */
const underLock = async (options: DatabaseOptions, work: (client: Client) => Promise<void>): Promise<void> => {
  const client = new Client(connectionConfig(options, 'migrate'));
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock(hashtext($1), 0)', [`migrations of ${options.schema}`]);
    await work(client);
  } catch (error) {
    throw translated(error);
  } finally {
    await client.end().catch(() => undefined); // The end of the session frees the lock.
  }
};

export const runMigrations = (options: DatabaseOptions, migrations: readonly (new () => MigrationInterface)[]): Promise<void> =>
  underLock(options, async (client) => {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(options.schema)}`);
    const { DataSource } = await import('typeorm'); // Here, because loading it takes longer than a migration.
    const { connectionString, ...extra } = connectionConfig(options, 'migrate');
    const source = new DataSource({
      type: 'postgres',
      url: connectionString,
      extra,
      schema: options.schema,
      poolSize: 2,
      installExtensions: false,
      logging: false,
      migrations: [...migrations],
      migrationsTableName: 'migrations',
      migrationsTransactionMode: 'each',
    });
    await source.initialize();
    try {
      await source.runMigrations();
    } finally {
      await source.destroy();
    }
  });

const lookEveryMillis = 500;

const namesRun = async (db: Queryable): Promise<ReadonlySet<unknown>> => {
  try {
    return new Set((await db.query('SELECT name FROM migrations')).map(({ name }) => name));
  } catch (error) {
    if (isMissingTable(error) || error instanceof DatabaseUnavailable) return new Set();
    throw error;
  }
};

/** For services beside a job that migrates: until then they are not ready. Throws `DatabaseUnavailable` once `closed` has aborted. */
export const awaitMigrations = async (
  db: Queryable,
  migrations: readonly (new () => MigrationInterface)[],
  closed: AbortSignal,
): Promise<void> => {
  for (;;) {
    if (closed.aborted) throw new DatabaseUnavailable('the database was closed while its migrations were waited for');
    const run = await namesRun(db);
    if (migrations.every(({ name }) => run.has(name))) return;
    await pause(lookEveryMillis, undefined, { signal: closed }).catch(() => undefined);
  }
};
