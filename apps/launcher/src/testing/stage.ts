import { hash } from 'node:crypto';
import { toMessage } from '@scheduled-scripts/contracts';
import {
  asTimestamp,
  scheduledScriptStream,
  siteExecutionStream,
  timestampOfMillis,
  type ScheduledScriptCommand,
  type ScheduledScriptEvent,
  type ScheduledScriptEventType,
  type ScriptPlan,
  type SiteExecutionCommand,
  type Timestamp,
} from '@scheduled-scripts/domain';
import {
  scheduledScripts,
  siteExecutions,
  type EventStore,
  type RecordedEvent,
  type ScheduledScripts,
  type SiteExecutions,
} from '@scheduled-scripts/event-store';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import type { Messaging } from '@scheduled-scripts/messaging';
import { openTopics } from '@scheduled-scripts/messaging/open';
import { createLogger, startService, type RunningService } from '@scheduled-scripts/platform';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, until, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { v7 } from 'uuid';
import { launcher } from '../index.js';
import { startRelay, type Relay } from './relay.js';

export const author = 'auth0|author';
export const approver = 'auth0|approver';
const organizationId = 'org_1';

/** An instant so many milliseconds from now. */
export const fromNow = (millis: number): Timestamp => timestampOfMillis(Date.now() + millis);
const longAgo = asTimestamp('2026-01-01T00:00:00.000000Z');

export const siteNumber = (number: number): string => `site_${String(number).padStart(16, '0')}`;
export const sites = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => siteNumber(index + 1));
export const sha256 = (text: string): string => hash('sha256', text);

const longAgoBy = (by: string) => ({ at: longAgo, by });
export const nowBy = (by: string) => ({ at: fromNow(0), by });

/** A store, its relay, and launchers that come and go. Commands are given as the other services give them. */
export class Stage {
  private readonly launchers: RunningService[] = [];

  private constructor(
    readonly test: TestDatabase,
    readonly store: EventStore,
    readonly messaging: Messaging,
    /** The launcher's own tables. */
    readonly database: Database,
    readonly relay: Relay,
    readonly scripts: ScheduledScripts,
    readonly executions: SiteExecutions,
  ) {}

  static async set(): Promise<Stage> {
    const test = await createTestDatabase();
    const store = await openEventStore({ url: test.url, applicationName: 'stage' });
    const messaging = await openTopics({ url: test.url, clientId: 'stage' });
    const database = await openDatabase({ url: test.url, schema: 'launcher', applicationName: 'stage' });
    return new Stage(test, store, messaging, database, startRelay(store, messaging), scheduledScripts(store), siteExecutions(store));
  }

  /** `url`: by another way to the same database. */
  async startLauncher(environment: Record<string, string> = {}, url = this.test.url): Promise<RunningService> {
    const urls = { DATABASE_URL: url, EVENT_STORE_URL: url, MESSAGING_URL: url };
    const logger = createLogger({ name: 'launcher', level: 'silent' });
    const service = await startService(launcher, { NODE_ENV: 'test', ...urls, ...environment }, { logger, port: 0 });
    this.launchers.push(service);
    return service;
  }

  async strike(): Promise<void> {
    await Promise.all(this.launchers.map((service) => service.stop()));
    await this.relay.stop();
    await Promise.all([this.messaging.close(), this.store.close(), this.database.close()]);
    await this.test.drop();
  }

  async create(changes: Partial<ScriptPlan> = {}): Promise<string> {
    const scriptId = v7();
    await this.script(scriptId, { type: 'create', ...longAgoBy(author), scriptId, organizationId, plan: planOf(changes) });
    return scriptId;
  }

  /** Created and authorized. */
  async schedule(changes: Partial<ScriptPlan> = {}): Promise<string> {
    const scriptId = await this.create(changes);
    await this.authorize(scriptId);
    return scriptId;
  }

  authorize(scriptId: string): Promise<void> {
    return this.script(scriptId, { type: 'authorize', ...longAgoBy(approver), allowSelfAuthorization: false, authorizationId: null });
  }

  revise(scriptId: string, changes: Partial<ScriptPlan>): Promise<void> {
    return this.script(scriptId, { type: 'revise', ...longAgoBy(author), plan: planOf(changes) });
  }

  launchByHand(scriptId: string): Promise<void> {
    return this.script(scriptId, { type: 'launch-by-hand', ...nowBy(approver), allowSelfAuthorization: false, windowMillis: 60_000 });
  }

  /** Gives a command, which must not be refused. */
  async script(scriptId: string, command: ScheduledScriptCommand): Promise<void> {
    const decided = await this.scripts.decide(scriptId, command, { organizationId, correlationId: scriptId, causationId: 'stage' });
    if (!decided.ok) throw new Error(`${command.type} was refused: ${decided.rejection.code}`);
  }

  /** Plays the executor at one site: up to its claim, its issue, or to its end. */
  async execute(executionId: string, upTo: 'claimed' | 'issued' | 'completed' | 'failed'): Promise<void> {
    const own = { ...nowBy('service:device-executor'), owner: 'executor' };
    const issue: readonly SiteExecutionCommand[] = [
      { type: 'prepare', ...own, backup: null },
      { type: 'issue', ...own, routerUptimeSeconds: 1 },
    ];
    const steps: Record<typeof upTo, readonly SiteExecutionCommand[]> = {
      claimed: [],
      issued: issue,
      completed: [...issue, { type: 'complete', ...own }],
      failed: [{ type: 'fail', ...own, reason: 'offline', message: null }],
    };
    for (const command of [{ type: 'claim', ...own } as const, ...steps[upTo]]) {
      const decided = await this.executions.decide(executionId, command, { organizationId, correlationId: 'stage', causationId: 'stage' });
      if (!decided.ok) throw new Error(`${command.type} was refused: ${decided.rejection.code}`);
    }
  }

  /** Everything that a script's stream holds of these types. */
  async happened<Type extends ScheduledScriptEventType>(
    scriptId: string,
    type: Type,
  ): Promise<readonly Extract<ScheduledScriptEvent, { type: Type }>[]> {
    const events = (await this.scripts.history(scriptId)).map(({ event }) => event);
    return events.filter((event): event is Extract<ScheduledScriptEvent, { type: Type }> => event.type === type);
  }

  async launched(scriptId: string): Promise<boolean> {
    return (await this.happened(scriptId, 'scheduled-script.launched.v1')).length > 0;
  }

  /** Until it has been launched; answers its launches. */
  async launchesOf(scriptId: string) {
    await until(() => this.launched(scriptId));
    return this.happened(scriptId, 'scheduled-script.launched.v1');
  }

  /** The stored events of a script's executions, of one type. */
  async executionEvents(scriptId: string, type: string): Promise<readonly RecordedEvent[]> {
    return this.database.query<RecordedEvent & Record<string, unknown>>(
      `SELECT stream, revision, id, type, data, metadata FROM event_store.event
       WHERE type = $2 AND data->>'scriptId' = $1 ORDER BY position`,
      [scriptId, type],
    );
  }

  /** Until the executions of all `count` sites, no matter which, have been asked for; answers their ids by site. */
  async executionsOf(scriptId: string, count: number): Promise<ReadonlyMap<string, string>> {
    const requested = () => this.executionEvents(scriptId, 'site-execution.requested.v1');
    await until(async () => (await requested()).length >= count);
    return new Map((await requested()).map(({ data }) => [String(data['siteId']), String(data['executionId'])]));
  }

  /** Whether the launcher's own table has it as due, and who holds it. */
  async dueRow(scriptId: string): Promise<{ readonly owner: string | null } | undefined> {
    return (await this.database.query<{ owner: string | null }>('SELECT owner FROM due_launches WHERE id = $1', [scriptId]))[0];
  }

  /** Publishes once more what a script's stream holds, and those of executions. */
  async repeat(scriptId: string, executionIds: readonly string[] = []): Promise<void> {
    const streams = [scheduledScriptStream(scriptId), ...executionIds.map(siteExecutionStream)];
    const events = await Promise.all(streams.map((stream) => this.store.read(stream)));
    await this.messaging.publisher().publish(events.flat().map(toMessage));
  }
}

const planOf = (changes: Partial<ScriptPlan>): ScriptPlan => {
  const script = changes.script ?? '/system identity print';
  return {
    description: 'Move the guests to their own network',
    script,
    scriptSha256: sha256(script),
    launchAt: fromNow(3_600_000),
    sites: sites(1),
    notify: [approver],
    testSiteId: null,
    makeBackup: false,
    abortIfOffline: false,
    ...changes,
  };
};
