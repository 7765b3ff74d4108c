import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toMessage } from '@scheduled-scripts/contracts';
import {
  siteExecutionStream,
  timestampOfMillis,
  type ExecutionOrder,
  type FailureReason,
  type SiteExecution,
} from '@scheduled-scripts/domain';
import { scheduledScripts, siteExecutions, type EventStore, type RecordedEvent } from '@scheduled-scripts/event-store';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, until, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import type { FaultsInput, RouterOptions, RunningRouter } from '@scheduled-scripts/router-simulator';
import {
  openSiteDirectory,
  parseKeyRing,
  siteDirectoryMigrations,
  type SiteDirectory,
  type SiteSettings,
} from '@scheduled-scripts/site-directory';
import { backupMigrations, findBackup } from '@scheduled-scripts/site-directory/backups';
import { v7 } from 'uuid';
import { ExecutorTables1767225600002 } from '../device-executor.tables.js';
import { takeIn } from '../intake/take-in.js';
import { leftOn, runsOf, startLongUp } from './routers.js';
import { TestExecutor, type ExecutorSettings } from './test-executor.js';
import { WorkRows } from './work-rows.js';

export const organizationId = 'org_1';
export const keys = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const keyRing = parseKeyRing(keys);

export const sha256 = (text: string | Buffer): string => hash('sha256', text);

/** What a change of one night may look like. */
export const blacklist = '/ip firewall filter add action=drop chain=input src-address-list=blacklist';

export interface OrderChanges extends Partial<ExecutionOrder> {
  readonly script?: string;
  /** From now; two minutes unless told. */
  readonly windowMillis?: number;
}

export interface Site {
  readonly router: RunningRouter;
  readonly siteId: string;
}

export interface Ended {
  readonly verdict: string;
  readonly message: string | null;
  readonly runs: readonly (string | null)[];
  readonly left: readonly string[];
}

/** A store, a site directory, simulated routers, and executors that come and go. */
export class Stage {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'device-executor-'));
  private readonly routers: RunningRouter[] = [];
  /** Also those that are still coming up: the name is the serial number. */
  private named = 0;
  private readonly executors: TestExecutor[] = [];
  readonly rows: WorkRows;

  private constructor(
    readonly test: TestDatabase,
    readonly store: EventStore,
    /** The executor's own tables. */
    readonly database: Database,
    readonly directory: SiteDirectory,
  ) {
    this.rows = new WorkRows(database);
  }

  static async set(): Promise<Stage> {
    const test = await createTestDatabase();
    const store = await openEventStore({ url: test.url, applicationName: 'stage' });
    const database = await openDatabase({ url: test.url, schema: 'device_executor', applicationName: 'stage', poolSize: 10 });
    await database.migrate([ExecutorTables1767225600002, ...backupMigrations, ...siteDirectoryMigrations]);
    return new Stage(test, store, database, openSiteDirectory({ database, keyRing, allowLoopback: true }));
  }

  /** Nobody may be left in a session with a router. */
  async strike(): Promise<void> {
    await Promise.all(this.executors.map((executor) => executor.stop()));
    await until(() => this.routers.every((router) => router.rows('/user/active').length === 0));
    await Promise.all(this.routers.map((router) => router.stop()));
    await Promise.all([this.store.close(), this.database.close()]);
    await this.test.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async startExecutor(settings: Partial<ExecutorSettings> = {}): Promise<TestExecutor> {
    const executor = this.executor(settings);
    await executor.start();
    return executor;
  }

  /** One that takes no work by itself. */
  executor(settings: Partial<ExecutorSettings> = {}): TestExecutor {
    const executor = new TestExecutor({ database: this.database, store: this.store, keyRing, ...settings });
    this.executors.push(executor);
    return executor;
  }

  async router(options: Partial<RouterOptions> = {}): Promise<RunningRouter> {
    this.named += 1;
    const name = `router-${this.named}`;
    const router = await startLongUp({ name, directory: path.join(this.folder, v7()), ...options });
    this.routers.push(router);
    return router;
  }

  /** A router that is registered. */
  async site(options: Partial<RouterOptions> = {}, settings: Partial<SiteSettings & { password: string }> = {}): Promise<Site> {
    const router = await this.router(options);
    return { router, siteId: await this.register(router, settings) };
  }

  async register({ description }: RunningRouter, settings: Partial<SiteSettings & { password: string }> = {}): Promise<string> {
    const { name, host, port, username, password, serial } = description;
    const own = { name, host, port, username, password, serial, tls: 'none', tlsFingerprint: null } as const;
    return (await this.directory.create(organizationId, { ...own, ...settings })).id;
  }

  faulty(faults: FaultsInput): Promise<Site> {
    return this.site({ faults });
  }

  /** Asks for one run and tells the executors; answers its id. */
  async order(siteId: string, changes: OrderChanges = {}): Promise<string> {
    const order = await this.ask(siteId, changes);
    await this.takeIn(order.executionId);
    return order.executionId;
  }

  /** As `order`, with nobody told. */
  async ask(siteId: string, { script = blacklist, windowMillis = 120_000, ...changes }: OrderChanges): Promise<ExecutionOrder> {
    const order: ExecutionOrder = {
      executionId: v7(),
      scriptId: await this.script(script),
      scriptVersion: 2,
      scriptSha256: sha256(script),
      organizationId,
      siteId,
      kind: 'rollout',
      windowEndsAt: timestampOfMillis(Date.now() + windowMillis),
      makeBackup: false,
      abortIfOffline: false,
      ...changes,
    };
    await siteExecutions(this.store).requestAll([order], this.signed('service:launcher'), this.context);
    return order;
  }

  async takeIn(executionId: string): Promise<void> {
    await takeIn(this.database, (await this.events(executionId)).map(toMessage));
  }

  /** Answers how it stands then: with its end, unless that came too late. */
  async abort(executionId: string, atMillis = Date.now()): Promise<SiteExecution | null> {
    const signed = { at: timestampOfMillis(atMillis), by: 'service:launcher' };
    return (await siteExecutions(this.store).decide(executionId, { type: 'abort', ...signed }, this.context)).state;
  }

  /** Whoever owns it gives it up. */
  async fail(executionId: string, reason: FailureReason): Promise<void> {
    const owner = (await this.execution(executionId)).owner ?? '';
    const command = { type: 'fail', ...this.signed('service:device-executor'), owner, reason, message: null } as const;
    const decided = await siteExecutions(this.store).decide(executionId, command, this.context);
    if (!decided.ok) throw new Error(`it was refused: ${decided.rejection.code}`);
  }

  async execution(executionId: string): Promise<SiteExecution> {
    const execution = await siteExecutions(this.store).load(executionId);
    if (!execution) throw new Error(`there is no execution ${executionId}`);
    return execution;
  }

  events(executionId: string): Promise<readonly RecordedEvent[]> {
    return this.store.read(siteExecutionStream(executionId));
  }

  /** What happened to it, without the stem that all have in common. */
  async story(executionId: string): Promise<readonly string[]> {
    return (await this.events(executionId)).map(({ type }) => type.replace(/^site-execution\.(.*)\.v1$/, '$1'));
  }

  /** Until it has happened; answers how things stand then. */
  async until(executionId: string, type: string, withinMillis = 30_000): Promise<SiteExecution> {
    await until(async () => (await this.story(executionId)).includes(type), withinMillis);
    return this.execution(executionId);
  }

  /** Until it has ended and nothing more is to be done about it. */
  async ended(executionId: string, withinMillis = 30_000): Promise<SiteExecution> {
    await until(async () => !(await this.rows.isListed(executionId)), withinMillis);
    return this.execution(executionId);
  }

  /** How it has ended, and what the router has to say to that. It was issued once. */
  async endOf(router: RunningRouter, executionId: string): Promise<Ended> {
    const { phase, failure } = await this.ended(executionId, 40_000);
    const issues = (await this.story(executionId)).filter((type) => type === 'issued').length;
    if (issues !== 1) throw new Error(`it was issued ${issues} times`);
    const message = failure?.message ?? null;
    return { verdict: failure?.reason ?? phase, message, runs: runsOf(router, executionId), left: leftOn(router) };
  }

  backup(executionId: string) {
    return findBackup(this.database, { organizationId, executionId });
  }

  private get context() {
    return { organizationId, correlationId: v7(), causationId: v7() };
  }

  private signed(by: string) {
    return { at: timestampOfMillis(Date.now()), by };
  }

  /** A script as its stream holds it. */
  private async script(script: string): Promise<string> {
    const scriptId = v7();
    const plan = {
      description: 'Keep them out',
      script,
      scriptSha256: sha256(script),
      launchAt: timestampOfMillis(Date.now() + 3_600_000),
      sites: ['site_0000000000000001'],
      notify: [],
      testSiteId: null,
      makeBackup: false,
      abortIfOffline: false,
    };
    const command = { type: 'create', ...this.signed('auth0|author'), scriptId, organizationId, plan } as const;
    const decided = await scheduledScripts(this.store).decide(scriptId, command, this.context);
    if (!decided.ok) throw new Error(`the script was refused: ${decided.rejection.code}`);
    return scriptId;
  }
}
