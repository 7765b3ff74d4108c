import type { MigrationInterface } from 'typeorm';

export type Row = Readonly<Record<string, unknown>>;

export interface Queryable {
  /** Parameters are `$1`, `$2`, …; bigint columns come back as text. `name` makes it a prepared statement. */
  query<R extends Row = Row>(text: string, parameters?: readonly unknown[], name?: string): Promise<readonly R[]>;
}

/** The connection of one transaction. */
export interface Transaction extends Queryable {
  readonly transaction: true;
}

export type MigrationMode = 'run' | 'wait';

export interface DatabaseOptions {
  readonly url: string;
  /** The service's own schema; first in the search path of every connection. */
  readonly schema: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Connections at most; 5 unless told. */
  readonly poolSize?: number;
  /**
   * The longest that one statement may run; 5 s unless told, since somebody waits for most of them. Not for migrations. A server that has
   * said nothing a second later is taken to be silent, and the outcome of the statement is unknown.
   */
  readonly statementTimeoutMillis?: number;
  /** How long opening waits for a server that is not there yet; 30 s unless told. */
  readonly patienceMillis?: number;
}

/** A pool of connections to one schema. Rejections that mean "not reachable now" are `DatabaseUnavailable`; all others are the driver's own. */
export interface Database extends Queryable {
  /** Commits when `work` resolves, rolls back when it rejects. Never retries by itself. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Calls `wake` on each NOTIFY of the channel, and after each reconnect: a hint that something may be new, never the only way to learn it. */
  listen(channel: string, wake: () => void): Promise<{ stop(): Promise<void> }>;
  /** From a connection outside any transaction: NOTIFY inside one would queue at a lock of the whole server. Coalesced; never throws. */
  notify(channel: string): void;
  /**
   * `run` (unless told): runs what is missing, in order, under an advisory lock: any number of replicas may start at once.
   * `wait`: resolves once somebody else has run all of them, however long that takes, and rejects when the database is closed meanwhile;
   * a schema that is newer will do.
   */
  migrate(migrations: readonly (new () => MigrationInterface)[], mode?: MigrationMode): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Postgres cannot be reached or is shutting down: try again later. The outcome of a commit that was under way is unknown. */
export class DatabaseUnavailable extends Error {
  readonly code = 'database_unavailable';
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'DatabaseUnavailable';
  }
}
