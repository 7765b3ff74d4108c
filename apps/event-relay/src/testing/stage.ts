import { randomUUID } from 'node:crypto';
import { publishedStreamPrefixes, topics } from '@scheduled-scripts/contracts';
import { type EventStore, type NewEvent, type RecordedEvent, type StreamAppend, StoreUnavailable } from '@scheduled-scripts/event-store';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import type { Messaging } from '@scheduled-scripts/messaging';
import { openTopics } from '@scheduled-scripts/messaging/open';
import { eventually, MessageLog, openTcpLink, type TcpLink } from '@scheduled-scripts/messaging/testing';
import { createLogger, type RunningService, startService } from '@scheduled-scripts/platform';
import { type Database, openDatabase } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { eventRelay } from '../index.js';

/** A relay as a process of its own would be: all that it knows of the world comes through a link that can be cut or stalled. */
export interface RelayProcess {
  readonly service: RunningService;
  readonly link: TcpLink;
  metric(name: string): Promise<number>;
  isReady(): Promise<boolean>;
}

const newEvent = (type: string, data: Record<string, unknown>): NewEvent => ({
  id: randomUUID(),
  type,
  data,
  metadata: {
    organizationId: 'org_1',
    actor: 'service:test',
    at: new Date().toISOString().replace('Z', '000Z'),
    correlationId: 'test',
    causationId: 'test',
  },
});

const siteOf = (execution: number): string => `site_${String(execution % 4).padStart(16, '0')}`;

/** The same again until the store has answered. */
const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
  let answer: { readonly value: T } | undefined;
  await eventually('the store answers', async () => {
    answer = await work().then(
      (value) => ({ value }),
      (error: unknown) => {
        if (error instanceof StoreUnavailable) return undefined;
        throw error;
      },
    );
    return answer !== undefined;
  });
  if (!answer) throw new Error('the store has not answered');
  return answer.value;
};

/** A store with many streams, relays that come and go, and a reader of all topics. */
export class Stage {
  readonly log = new MessageLog();
  private readonly relays: RelayProcess[] = [];
  private readonly lengths = new Map<string, number>();

  private constructor(
    private readonly testDatabase: TestDatabase,
    private readonly eventStoreUrl: string | undefined,
    readonly store: EventStore,
    readonly messaging: Messaging,
    readonly database: Database,
  ) {}

  /** Everything is in one Postgres, unless the events have a server of their own. */
  static async set(eventStoreUrl?: string): Promise<Stage> {
    const testDatabase = await createTestDatabase();
    const { url } = testDatabase;
    const messaging = await openTopics({ url, clientId: 'reader' });
    const database = await openDatabase({ url, schema: 'event_relay', applicationName: 'stage' });
    const store = await openEventStore({ url: eventStoreUrl ?? url, applicationName: 'writer' });
    const stage = new Stage(testDatabase, eventStoreUrl, store, messaging, database);
    await messaging.consumer().subscribe({ group: 'reader', topics: Object.values(topics) }, stage.log.handle);
    return stage;
  }

  async startRelay(): Promise<RelayProcess> {
    const url = new URL(this.testDatabase.url);
    const link = await openTcpLink(Number(url.port));
    url.hostname = '127.0.0.1';
    url.port = String(link.port);
    const urls = { EVENT_STORE_URL: this.eventStoreUrl ?? url.href, MESSAGING_URL: url.href, DATABASE_URL: url.href };
    const environment = { NODE_ENV: 'test', RELAY_LEASE_MILLIS: '1000', SHUTDOWN_GRACE_MILLIS: '10000', ...urls };
    const logger = createLogger({ name: 'event-relay', level: 'silent' });
    const service = await startService(eventRelay, environment, { logger, port: 0 });
    const relay: RelayProcess = {
      service,
      link,
      metric: async (name) => {
        const text = await (await fetch(`${service.healthUrl}/metrics`)).text();
        const values = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
        return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
      },
      isReady: async () => (await fetch(`${service.healthUrl}/readyz`)).ok,
    };
    this.relays.push(relay);
    return relay;
  }

  /** Appends `count` events to streams of all kinds, several executions to one site. */
  async append(count: number): Promise<void> {
    const appends = Array.from({ length: count }, (_, index) => {
      const number = index % 10;
      const scriptId = `0199ed30-0000-7000-8000-${String(number).padStart(12, '0')}`;
      const ref = { executionId: scriptId, scriptId, siteId: siteOf(number), kind: 'rollout' };
      const [stream, event] = (
        [
          [`scheduledScript-${scriptId}`, newEvent('scheduled-script.rollout-aborted.v1', {})],
          [`siteExecution-${scriptId}`, newEvent('site-execution.completed.v1', ref)],
          [`scriptSummary-${scriptId}`, newEvent('script-summary.invented.v7', { later: true })],
        ] as const
      )[index % 3] as readonly [string, NewEvent];
      const length = this.lengths.get(stream) ?? 0;
      this.lengths.set(stream, length + 1);
      return { stream, expected: length === 0 ? ('no-stream' as const) : length - 1, events: [event] };
    });
    const other: StreamAppend = { stream: `other-${randomUUID()}`, expected: 'no-stream', events: [newEvent('other.happened.v1', {})] };
    await patiently(() => this.store.append(other));
    for (const append of appends) await patiently(() => this.store.append(append));
  }

  /** Waits until every event of the published streams has reached its topic; answers them by key, in the order of the store. */
  async everythingArrives(): Promise<ReadonlyMap<string, readonly string[]>> {
    const stored = await this.stored();
    await eventually('every event is on its topic', () => {
      const { ids } = this.log;
      return stored.every(({ id }) => ids.has(id));
    });
    const byKey = new Map<string, string[]>();
    for (const { id, stream, data } of stored) {
      const key = stream.startsWith('siteExecution-') ? String(data['siteId']) : stream.slice(stream.indexOf('-') + 1);
      byKey.set(key, [...(byKey.get(key) ?? []), id]);
    }
    return byKey;
  }

  /** Whether the checkpoint stands at the last event of the published streams. */
  async isAllChecked(): Promise<boolean> {
    const last = (await this.stored()).at(-1)?.position;
    const rows = await this.database.query<{ position: string }>('SELECT position FROM checkpoint');
    return rows.length === 1 && rows[0]?.position === last;
  }

  async strike(): Promise<void> {
    for (const { link } of this.relays) link.restore();
    await Promise.all(this.relays.map(({ service }) => service.stop()));
    await Promise.all([this.messaging.close(), this.store.close(), this.database.close(), ...this.relays.map(({ link }) => link.close())]);
    await this.testDatabase.drop();
  }

  private stored(): Promise<readonly RecordedEvent[]> {
    return patiently(() => this.follow());
  }

  private async follow(): Promise<readonly RecordedEvent[]> {
    const total = [...this.lengths.values()].reduce((sum, length) => sum + length, 0);
    const events: RecordedEvent[] = [];
    const signal = AbortSignal.timeout(30_000);
    for await (const batch of this.store.follow({ after: null, streamPrefixes: publishedStreamPrefixes, signal })) {
      events.push(...batch.events);
      if (events.length >= total) return events;
    }
    throw new Error(`${events.length} of ${total} events are in the store`);
  }
}
