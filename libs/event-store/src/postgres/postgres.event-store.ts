import { DatabaseUnavailable, openDatabase, type Database } from '@scheduled-scripts/postgres';
import { encodeAppend } from '../append-rules.js';
import {
  StoreUnavailable,
  type AppendOutcome,
  type EventStore,
  type FollowedBatch,
  type FollowOptions,
  type ReadOptions,
  type RecordedEvent,
  type StreamAppend,
} from '../event-store.js';
import { AppendQueue } from './append-queue.js';
import { EventTables1767225600001 } from './event-store.migrations.js';
import { channel, followFrom } from './follow.js';
import { columns, recordedEvent, type EventRow } from './rows.js';

/** So many appends of one call wait in the queue at a time: those of other callers come in between. */
const manyAtOnce = 200;

const storeError = (error: unknown): unknown =>
  error instanceof DatabaseUnavailable ? new StoreUnavailable('the event store cannot answer now', { cause: error }) : error;

class PostgresEventStore implements EventStore {
  private readonly queue: AppendQueue;

  constructor(private readonly database: Database) {
    this.queue = new AppendQueue(database, () => database.notify(channel));
  }

  async append(append: StreamAppend): Promise<AppendOutcome> {
    return this.queue.add(encodeAppend(append));
  }

  async appendMany(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    const encoded = appends.map(encodeAppend);
    const outcomes: AppendOutcome[] = [];
    for (let start = 0; start < encoded.length; start += manyAtOnce) {
      const chunk = encoded.slice(start, start + manyAtOnce);
      outcomes.push(...(await Promise.all(chunk.map((append) => this.queue.add(append)))));
    }
    return outcomes;
  }

  async read(stream: string, { from = 0, limit = 1_000 }: ReadOptions = {}): Promise<readonly RecordedEvent[]> {
    const rows = await this.query<EventRow>(
      `SELECT ${columns} FROM event WHERE stream = $1 AND revision >= $2 ORDER BY revision LIMIT $3`,
      [stream, from, limit],
      'read',
    );
    return rows.map(recordedEvent);
  }

  async *follow(options: FollowOptions): AsyncGenerator<FollowedBatch, void, undefined> {
    try {
      yield* followFrom(this.database, options);
    } catch (error) {
      throw storeError(error);
    }
  }

  async ping(): Promise<void> {
    await this.query('SELECT position FROM head', []);
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private async query<R extends Readonly<Record<string, unknown>>>(text: string, parameters: readonly unknown[], name?: string) {
    try {
      return await this.database.query<R>(text, parameters, name);
    } catch (error) {
      throw storeError(error);
    }
  }
}

export interface PostgresEventStoreOptions {
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** See `DatabaseOptions`. */
  readonly patienceMillis?: number;
}

/** Connects and brings the tables up to date. Throws `StoreUnavailable` when the server cannot be reached. */
export const openPostgresEventStore = async (options: PostgresEventStoreOptions): Promise<EventStore> => {
  try {
    const database = await openDatabase({ ...options, schema: 'event_store' });
    await database.migrate([EventTables1767225600001]).catch(async (error: unknown) => {
      await database.close();
      throw error;
    });
    return new PostgresEventStore(database);
  } catch (error) {
    throw storeError(error);
  }
};
