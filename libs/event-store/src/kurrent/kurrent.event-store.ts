import { setTimeout as pause } from 'node:timers/promises';
import { BACKWARDS, END, ErrorType, NO_STREAM, type RecordedEvent as StoredEvent } from '@eventstore/db-client';
import type { EncodedAppend } from '../append-rules.js';
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
import { Connection } from './connection.js';
import { parseConnectionString } from './connection-string.js';
import { clientEvent, encode } from './encoding.js';
import { actualRevision, isOfType, storeError } from './failures.js';
import { followFrom } from './follow.js';
import { inTurnByStream } from './in-turn.js';
import { Lanes } from './lanes.js';
import type { PlainClient } from './plain-client.js';
import { recordedEvent, type LogPosition } from './records.js';

const defaultTimeoutMillis = 3_000;
const defaultPatienceMillis = 30_000;
/** A server allows 100 calls at a time on a connection; the rest is for those who follow. */
const appendLanes = 64;
const readLanes = 24;
const manyAtOnce = 32;
/** So many times longer than an append a page of events may take. */
const pageTimeouts = 3;
/** A stream that nobody writes to. */
const nowhere = 'ping';

type Reading = AsyncIterable<{ readonly event?: StoredEvent }>;

class KurrentEventStore implements EventStore {
  private readonly appending: Lanes;
  private readonly reading: Lanes;

  constructor(
    private readonly connection: Connection,
    private readonly timeoutMillis: number,
  ) {
    this.appending = new Lanes(appendLanes, timeoutMillis);
    this.reading = new Lanes(readLanes, timeoutMillis);
  }

  async append(append: StreamAppend): Promise<AppendOutcome> {
    return this.store(encode(append));
  }

  async appendMany(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    return inTurnByStream(appends.map(encode), manyAtOnce, (append) => this.store(append));
  }

  async read(stream: string, { from = 0, limit = 1_000 }: ReadOptions = {}): Promise<readonly RecordedEvent[]> {
    if (limit < 1) return [];
    const page = { fromRevision: BigInt(from), maxCount: limit, requiresLeader: true, deadline: this.timeoutMillis * pageTimeouts };
    const events = await this.page(stream, page.deadline, (client) => client.readStream(stream, page));
    return events.map(recordedEvent);
  }

  async *follow(options: FollowOptions): AsyncGenerator<FollowedBatch, void, undefined> {
    yield* followFrom(
      {
        open: () => this.connection.forLong(),
        head: () => this.head(),
        ping: () => this.ping(),
        silenceMillis: this.timeoutMillis,
      },
      options,
    );
  }

  async ping(): Promise<void> {
    const deadline = this.timeoutMillis;
    await this.page(nowhere, deadline, (client) => client.readStream(nowhere, { maxCount: 1, requiresLeader: true, deadline }));
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private async store({ stream, expected, events }: EncodedAppend): Promise<AppendOutcome> {
    const deadline = this.timeoutMillis;
    const expectedRevision = expected < 0 ? NO_STREAM : BigInt(expected);
    try {
      const { nextExpectedRevision } = await this.appending.pass(() =>
        this.connection.call(deadline, (client) =>
          client.appendToStream(stream, events.map(clientEvent), { expectedRevision, requiresLeader: true, deadline }),
        ),
      );
      return { ok: true, revision: Number(nextExpectedRevision) };
    } catch (error) {
      const actual = actualRevision(error);
      if (actual !== null) return { ok: false, actual };
      throw storeError(error, stream);
    }
  }

  /** The last position of the whole log. */
  private async head(): Promise<LogPosition | null> {
    const deadline = this.timeoutMillis;
    const [last] = await this.page('$all', deadline, (client) =>
      client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1, requiresLeader: true, deadline }),
    );
    return last?.position ?? null;
  }

  /** To its end, always: a read that is left early keeps its place on the connection for ever. */
  private async page(stream: string, deadline: number, open: (client: PlainClient) => Reading): Promise<readonly StoredEvent[]> {
    const drain = async (client: PlainClient): Promise<readonly StoredEvent[]> => {
      const events: StoredEvent[] = [];
      for await (const { event } of open(client)) if (event) events.push(event);
      return events;
    };
    try {
      return await this.reading.pass(() => this.connection.call(deadline, drain));
    } catch (error) {
      if (isOfType(error, ErrorType.STREAM_NOT_FOUND)) return [];
      throw storeError(error, stream);
    }
  }
}

export interface KurrentEventStoreOptions {
  /** `esdb://` or `kurrentdb://`, both also with `+discover`. */
  readonly url: string;
  /** By which the server knows the connection. */
  readonly applicationName: string;
  /** How long an append may stay without an answer; 3 s unless told here or by the URL's `defaultDeadline`. */
  readonly timeoutMillis?: number;
  /** How long to wait for a server that is not there yet; 30 s unless told. */
  readonly patienceMillis?: number;
}

/** Connects. Throws `StoreUnavailable` when the server cannot be reached. */
export const openKurrentEventStore = async (options: KurrentEventStoreOptions): Promise<EventStore> => {
  const { url, applicationName, patienceMillis = defaultPatienceMillis } = options;
  const target = parseConnectionString(url);
  const timeoutMillis = options.timeoutMillis ?? target.timeoutMillis ?? defaultTimeoutMillis;
  const connection = new Connection(target, applicationName);
  const store = new KurrentEventStore(connection, timeoutMillis);
  const deadline = performance.now() + patienceMillis;
  for (;;) {
    try {
      await store.ping();
      return store;
    } catch (error) {
      if (error instanceof StoreUnavailable && performance.now() < deadline) {
        await pause(250);
        continue;
      }
      await store.close();
      throw error;
    }
  }
};
