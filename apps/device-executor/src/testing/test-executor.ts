import { randomUUID } from 'node:crypto';
import type { Finish } from '@scheduled-scripts/domain';
import { scheduledScripts, siteExecutions, type EventStore } from '@scheduled-scripts/event-store';
import { createLogger } from '@scheduled-scripts/platform';
import { WorkLoop, type ClaimedWork, type Database, type Queryable, type WorkVerdict } from '@scheduled-scripts/postgres';
import { connectRouter, type ConnectRouter } from '@scheduled-scripts/routeros';
import type { KeyRing } from '@scheduled-scripts/site-directory';
import { executionList } from '../device-executor.tables.js';
import { Driver } from '../procedure/drive.js';
import { Execute } from '../procedure/execute.js';
import { ExecutionStreams } from '../procedure/execution-streams.js';
import { ScriptTexts } from '../procedure/script-text.js';

export interface ExecutorSettings {
  readonly database: Database;
  readonly store: EventStore;
  readonly keyRing: KeyRing;
  /** Instead of the database's: where sites are looked up and backups go. */
  readonly queryable?: Queryable;
  readonly connect?: ConnectRouter;
  readonly installation?: string;
  readonly scriptTimeoutMillis?: number;
  readonly commandTimeoutMillis?: number;
  readonly parallel?: number;
  readonly leaseMillis?: number;
}

/** The parts of the service, put together as it does, with patience as short as a suite wants it. */
export class TestExecutor {
  readonly owner = randomUUID();
  readonly ends: Finish[] = [];
  readonly resolutions: Finish[] = [];
  /** What nobody foresaw. */
  readonly errors: unknown[] = [];
  readonly unreadable: string[] = [];
  private readonly execute: Execute;
  private readonly loop: WorkLoop;

  constructor(settings: ExecutorSettings) {
    const { database, store, keyRing, queryable = database, connect = connectRouter } = settings;
    const logger = createLogger({ name: 'device-executor', level: 'silent' });
    const driver = new Driver({
      streams: new ExecutionStreams(siteExecutions(store), this.owner),
      texts: new ScriptTexts(scheduledScripts(store)),
      archive: queryable,
      scriptTimeoutMillis: settings.scriptTimeoutMillis ?? 60_000,
      logger,
      onEnd: (_execution, finish) => this.ends.push(finish),
      onResolved: (_execution, finish) => this.resolutions.push(finish),
    });
    const reach = {
      directory: queryable,
      keyRing,
      connect,
      allowLoopback: true,
      installation: settings.installation ?? 'stage',
      connectTimeoutMillis: 2_000,
      loginTimeoutMillis: 2_000,
      commandTimeoutMillis: settings.commandTimeoutMillis ?? 5_000,
      onUnreadable: (_error: Error, { siteId }: { readonly siteId: string }) => this.unreadable.push(siteId),
    };
    this.execute = new Execute(driver, reach, logger);
    this.loop = new WorkLoop({
      name: 'executions',
      database,
      list: executionList,
      owner: this.owner,
      parallel: settings.parallel ?? 100,
      leaseMillis: settings.leaseMillis ?? 10_000,
      pollMillis: 50,
      onError: (error) => this.errors.push(error),
      handle: (item, signal) => this.handle(item, signal),
    });
  }

  start(): Promise<void> {
    return this.loop.start();
  }

  /** As on SIGTERM. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  handle(item: ClaimedWork, signal: AbortSignal = new AbortController().signal): Promise<WorkVerdict> {
    return this.execute.handle(item, signal);
  }
}
