import { createHash, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
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
import { openDatabase, type ClaimedWork, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, until, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { startRouter, type FaultsInput, type RouterOptions, type RunningRouter } from '@scheduled-scripts/router-simulator';
import {
  openSiteDirectory,
  parseKeyRing,
  siteDirectoryMigrations,
  type SiteDirectory,
  type SiteSettings,
} from '@scheduled-scripts/site-directory';
import { backupMigrations, findBackup } from '@scheduled-scripts/site-directory/backups';
import { v7 } from 'uuid';
import { executionList, ExecutorTables1767225600002 } from '../executor.tables.js';
import { takeIn } from '../intake/take-in.js';
import { TestExecutor, type ExecutorSettings } from './test-executor.js';

export const organizationId = 'org_1';
export const keys = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const keyRing = parseKeyRing(keys);

export const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

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

/** Below those that outgoing connections get: a router that was down for a moment must find its port free. */
const stablePort = async (): Promise<number> => {
  const candidate = randomInt(15_000, 32_000);
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(candidate, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
  return isFree ? candidate : stablePort();
};

/** A store, a site directory, simulated routers, and executors that come and go. */
export class Stage {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'device-executor-'));
  private readonly routers: RunningRouter[] = [];
  private readonly executors: TestExecutor[] = [];

  private constructor(
    readonly test: TestDatabase,
    readonly store: EventStore,
    /** The executor's own tables. */
    readonly database: Database,
    readonly directory: SiteDirectory,
  ) {}

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

  /** One that has been up for an hour. */
  async router(options: Partial<RouterOptions> = {}): Promise<RunningRouter> {
    let aheadMillis = 0;
    const now = (): number => Math.floor(performance.timeOrigin + performance.now()) + aheadMillis;
    const name = `router-${this.routers.length + 1}`;
    const port = await stablePort();
    const router = await startRouter({ name, directory: path.join(this.folder, v7()), fsync: false, port, now, ...options });
    aheadMillis = 3_600_000;
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

  /** The row of work as a loop would claim it, for as long as a lease of `leaseMillis` lasts. */
  claim(owner: string, leaseMillis: number): Promise<readonly ClaimedWork[]> {
    return executionList.claim(this.database, { owner, limit: 1_000, leaseMillis });
  }

  /** Lets a row that waits be due. */
  async hurry(executionId: string): Promise<void> {
    await this.database.query('UPDATE executions SET due_at = now() WHERE id = $1 AND owner IS NULL', [executionId]);
  }

  /** How often it has been taken up. */
  async attempts(executionId: string): Promise<number> {
    const rows = await this.database.query<{ attempts: number }>('SELECT attempts FROM executions WHERE id = $1', [executionId]);
    return rows[0]?.attempts ?? 0;
  }

  /** What its row of work holds beside its state. */
  async payload(executionId: string): Promise<Readonly<Record<string, unknown>>> {
    const rows = await this.database.query<{ payload: Record<string, unknown> }>('SELECT payload FROM executions WHERE id = $1', [
      executionId,
    ]);
    return rows[0]?.payload ?? {};
  }

  /** Negative while somebody works on it. */
  async dueInMillis(executionId: string): Promise<number> {
    const rows = await this.database.query<{ millis: number }>(
      `SELECT (extract(epoch FROM due_at - now()) * 1000)::float8 AS millis FROM executions WHERE id = $1`,
      [executionId],
    );
    return rows[0]?.millis ?? 0;
  }

  async isListed(executionId: string): Promise<boolean> {
    return (await this.database.query('SELECT FROM executions WHERE id = $1', [executionId])).length > 0;
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
    await until(async () => !(await this.isListed(executionId)), withinMillis);
    return this.execution(executionId);
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
