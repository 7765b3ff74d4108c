import { hash } from 'node:crypto';
import { toMessage } from '@scheduled-scripts/contracts';
import { scheduledScriptStream, scriptSummaryStream, timestampOfMillis, type ScriptPlan } from '@scheduled-scripts/domain';
import {
  scheduledScripts,
  scriptSummaries,
  type EventStore,
  type RecordedEvent,
  type ScheduledScripts,
  type ScriptSummaries,
} from '@scheduled-scripts/event-store';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import type { Messaging } from '@scheduled-scripts/messaging';
import { openTopics } from '@scheduled-scripts/messaging/open';
import { createLogger, parseEnvironment, startService, type RunningService } from '@scheduled-scripts/platform';
import { createTestDatabase, until, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { v7 } from 'uuid';
import { summarizer } from '../index.js';

export const organizationId = 'org_1';
export const sha256 = (text: string): string => hash('sha256', text);
const signed = () => ({ at: timestampOfMillis(Date.now()), by: 'auth0|author' });

export const planOf = (script: string, description = 'Move the guests'): ScriptPlan => ({
  description,
  script,
  scriptSha256: sha256(script),
  launchAt: timestampOfMillis(Date.now() + 3_600_000),
  sites: ['site_0000000000000001'],
  notify: [],
  testSiteId: null,
  makeBackup: false,
  abortIfOffline: false,
});

/** A store, its topic, and summarizers that come and go. The topic says nothing before it is told to. */
export class Stage {
  private readonly running: RunningService[] = [];
  log = '';

  private constructor(
    readonly test: TestDatabase,
    readonly store: EventStore,
    readonly messaging: Messaging,
    readonly scripts: ScheduledScripts,
    readonly summaries: ScriptSummaries,
  ) {}

  static async set(): Promise<Stage> {
    const test = await createTestDatabase();
    const store = await openEventStore({ url: test.url, applicationName: 'stage' });
    const messaging = await openTopics({ url: test.url, clientId: 'stage' });
    return new Stage(test, store, messaging, scheduledScripts(store), scriptSummaries(store));
  }

  /** `url`: by another way to the same database. */
  async start(environment: Readonly<Record<string, string>> = {}, url = this.test.url): Promise<RunningService> {
    const logger = createLogger({ name: 'summarizer', level: 'trace', destination: { write: (line) => void (this.log += line) } });
    const urls = { DATABASE_URL: url, EVENT_STORE_URL: url, MESSAGING_URL: url };
    const service = await startService(summarizer, { NODE_ENV: 'test', ...urls, ...environment }, { logger, port: 0 });
    this.running.push(service);
    return service;
  }

  /** What the program's `--parked` does: its exit code and what it prints. */
  async parked(...args: readonly string[]): Promise<readonly [number, string]> {
    const { url } = this.test;
    const env = parseEnvironment(summarizer.environment, { DATABASE_URL: url, EVENT_STORE_URL: url, MESSAGING_URL: url });
    let printed = '';
    const code = await summarizer.commands?.['--parked']?.run(env, args, (line) => void (printed += `${line}\n`));
    return [code ?? -1, printed];
  }

  async strike(): Promise<void> {
    await Promise.all(this.running.map((service) => service.stop()));
    await Promise.all([this.messaging.close(), this.store.close()]);
    await this.test.drop();
  }

  async create(script: string): Promise<string> {
    const scriptId = v7();
    const context = { organizationId, correlationId: `of ${scriptId}`, causationId: 'request-1' };
    await this.scripts.decide(scriptId, { type: 'create', ...signed(), scriptId, organizationId, plan: planOf(script) }, context);
    return scriptId;
  }

  async revise(scriptId: string, script: string, description?: string): Promise<void> {
    const context = { organizationId, correlationId: `of ${scriptId}`, causationId: 'request-2' };
    await this.scripts.decide(scriptId, { type: 'revise', ...signed(), plan: planOf(script, description) }, context);
  }

  /** Publishes what the streams of these scripts hold, from the beginning, however often it has been published. */
  async tell(...scriptIds: readonly string[]): Promise<void> {
    const events = await Promise.all(scriptIds.map((scriptId) => this.store.read(scheduledScriptStream(scriptId))));
    await this.messaging.publisher().publish(events.flat().map(toMessage));
  }

  summariesOf(scriptId: string): Promise<readonly RecordedEvent[]> {
    return this.store.read(scriptSummaryStream(scriptId));
  }

  /** Until the latest summary is about this text; answers what all of them say. */
  async summarized(scriptId: string, script: string): Promise<readonly string[]> {
    await until(async () => (await this.summariesOf(scriptId)).at(-1)?.data['scriptSha256'] === sha256(script));
    return (await this.summariesOf(scriptId)).map(({ data }) => String(data['summary']));
  }
}
