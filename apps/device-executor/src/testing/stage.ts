import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toMessage } from '@scheduled-scripts/contracts';
import type { SiteExecution } from '@scheduled-scripts/domain';
import type { EventStore } from '@scheduled-scripts/event-store';
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
import { Executions, organizationId, type OrderChanges } from './executions.js';
import { leftOn, runsOf, startLongUp } from './routers.js';
import { TestExecutor, type ExecutorSettings } from './test-executor.js';
import { WorkRows } from './work-rows.js';

export const keys = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const keyRing = parseKeyRing(keys);

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
  readonly executions: Executions;
  readonly rows: WorkRows;

  private constructor(
    readonly test: TestDatabase,
    readonly store: EventStore,
    /** The executor's own tables. */
    readonly database: Database,
    readonly directory: SiteDirectory,
  ) {
    this.executions = new Executions(store);
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
    const order = await this.executions.ask(siteId, changes);
    await this.takeIn(order.executionId);
    return order.executionId;
  }

  async takeIn(executionId: string): Promise<void> {
    await takeIn(this.database, (await this.executions.events(executionId)).map(toMessage));
  }

  /** Until it has happened; answers how things stand then. */
  async until(executionId: string, type: string, withinMillis = 30_000): Promise<SiteExecution> {
    await until(async () => (await this.executions.story(executionId)).includes(type), withinMillis);
    return this.executions.get(executionId);
  }

  /** Until it has ended and nothing more is to be done about it. */
  async ended(executionId: string, withinMillis = 30_000): Promise<SiteExecution> {
    await until(async () => !(await this.rows.isListed(executionId)), withinMillis);
    return this.executions.get(executionId);
  }

  /** How it has ended, and what the router has to say to that. It was issued once. */
  async endOf(router: RunningRouter, executionId: string): Promise<Ended> {
    const { phase, failure } = await this.ended(executionId, 100_000);
    const issues = (await this.executions.story(executionId)).filter((type) => type === 'issued').length;
    if (issues !== 1) throw new Error(`it was issued ${issues} times`);
    const message = failure?.message ?? null;
    return { verdict: failure?.reason ?? phase, message, runs: runsOf(router, executionId), left: leftOn(router) };
  }

  backup(executionId: string) {
    return findBackup(this.database, { organizationId, executionId });
  }
}
