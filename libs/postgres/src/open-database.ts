import { setTimeout as pause } from 'node:timers/promises';
import { Client, Pool, type PoolClient } from 'pg';
import type { MigrationInterface } from 'typeorm';
import { connectionConfig, quoteIdentifier } from './connection.js';
import { DatabaseUnavailable, type Database, type DatabaseOptions, type MigrationMode, type Row, type Transaction } from './database.js';
import { Listener } from './listener.js';
import { awaitMigrations, runMigrations } from './migrate.js';
import { Notifier } from './notifier.js';
import { Session } from './session.js';
import { codeOf, translated } from './unavailable.js';

const defaultPoolSize = 5;
const defaultPatienceMillis = 30_000;

/**
 * The pool is the driver's own, beside TypeORM, which comes in for migrations: its pool is private, costs every query a detour, and
 * exists only once a server has answered.
 */
class PgDatabase implements Database {
  private readonly pool: Pool;
  private readonly listener: Listener;
  private readonly notifier: Notifier;
  private readonly closed = new AbortController();
  private closing: Promise<void> | null = null;
  private readonly connectedAt = new WeakMap<PoolClient, number>();
  private silentAt = -Infinity;

  constructor(private readonly options: DatabaseOptions) {
    this.pool = new Pool({ ...connectionConfig(options, 'pool'), max: options.poolSize ?? defaultPoolSize, idleTimeoutMillis: 30_000 });
    // Without a listener the end of an idle connection (a restart of the server) would end this process.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => this.connectedAt.set(client, performance.now()));
    this.listener = new Listener(options);
    // A hint need not be durable: its commit does not wait for the disk.
    this.notifier = new Notifier((channel) =>
      this.query(`SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, '')`, [channel], 'notify'),
    );
  }

  query<R extends Row = Row>(text: string, parameters?: readonly unknown[], name?: string): Promise<readonly R[]> {
    return this.withSession((session) => session.query<R>(text, parameters, name));
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.withSession((session) => session.transaction((query) => work({ transaction: true, query })));
  }

  listen(channel: string, wake: () => void): Promise<{ stop(): Promise<void> }> {
    return this.listener.listen(channel, wake);
  }

  notify(channel: string): void {
    this.notifier.notify(channel);
  }

  migrate(migrations: readonly (new () => MigrationInterface)[], mode: MigrationMode = 'run'): Promise<void> {
    return mode === 'run' ? runMigrations(this.options, migrations) : awaitMigrations(this, migrations, this.closed.signal);
  }

  async ping(): Promise<void> {
    await this.query('SELECT 1');
  }

  close(): Promise<void> {
    this.closed.abort();
    this.closing ??= Promise.all([this.listener.close(), this.notifier.idle()]).then(() => this.pool.end());
    return this.closing;
  }

  /** Not the pool's own `query`: that one throws the connection away after any error, a unique violation too. */
  private async withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = new Session(await this.connected());
    try {
      return await work(session);
    } finally {
      if (session.isSilent) this.silentAt = performance.now();
      session.release();
    }
  }

  /** A session that was there before another one fell silent may be as dead: its next caller would wait in vain as well. */
  private async connected(): Promise<PoolClient> {
    for (;;) {
      const client = await this.pool.connect().catch((error: unknown) => {
        throw translated(error);
      });
      if ((this.connectedAt.get(client) ?? 0) > this.silentAt) return client;
      client.release(true);
    }
  }
}

/** Asks first: a reader of somebody else's schema may have no right to create one, not even "if not exists". */
const ensureSchema = async (options: DatabaseOptions): Promise<void> => {
  const client = new Client(connectionConfig(options, 'pool'));
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [options.schema]);
    if (rowCount === 0) await client.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(options.schema)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Two that create one schema at once may collide in spite of "if not exists". */
const isCollision = (error: unknown): boolean => ['23505', '42P06'].includes(codeOf(error) ?? '');

/**
 * Opens a pool and creates the schema if it is missing. A server that is not there yet is waited for, since services may start
 * before it; once `patienceMillis` have passed this throws `DatabaseUnavailable`.
 */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const deadline = Date.now() + (options.patienceMillis ?? defaultPatienceMillis);
  for (;;) {
    try {
      await ensureSchema(options);
      return new PgDatabase(options);
    } catch (error) {
      if (isCollision(error)) continue;
      const reason = translated(error);
      if (!(reason instanceof DatabaseUnavailable) || Date.now() >= deadline) throw reason;
      await pause(250);
    }
  }
};

/** Only what a migration job does: opens, runs what is missing, closes. */
export const migrateSchema = async (options: DatabaseOptions, migrations: readonly (new () => MigrationInterface)[]): Promise<void> => {
  const database = await openDatabase(options);
  try {
    await database.migrate(migrations);
  } finally {
    await database.close();
  }
};
