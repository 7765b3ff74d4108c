import { hash } from 'node:crypto';
import {
  siteExecutionStream,
  timestampOfMillis,
  type ExecutionOrder,
  type FailureReason,
  type SiteExecution,
} from '@scheduled-scripts/domain';
import { scheduledScripts, siteExecutions, type EventStore, type RecordedEvent } from '@scheduled-scripts/event-store';
import { v7 } from 'uuid';

export const organizationId = 'org_1';

export const sha256 = (text: string | Buffer): string => hash('sha256', text);

/** What a change of one night may look like. */
export const blacklist = '/ip firewall filter add action=drop chain=input src-address-list=blacklist';

export interface OrderChanges extends Partial<ExecutionOrder> {
  readonly script?: string;
  /** From now; two minutes unless told. */
  readonly windowMillis?: number;
  /** When it was asked for; now unless told. */
  readonly atMillis?: number;
}

/** Site executions as their streams hold them: what the launcher and other owners append, and what has happened. */
export class Executions {
  constructor(private readonly store: EventStore) {}

  /** Asks for one run, as the launcher does at a launch. */
  async ask(
    siteId: string,
    { script = blacklist, windowMillis = 120_000, atMillis, ...changes }: OrderChanges = {},
  ): Promise<ExecutionOrder> {
    const order: ExecutionOrder = {
      executionId: v7(),
      scriptId: await this.scriptOf(script),
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
    await siteExecutions(this.store).requestAll([order], this.signed('service:launcher', atMillis), this.context);
    return order;
  }

  /** Answers how it stands then: with its end, unless that came too late. */
  async abort(executionId: string, atMillis?: number): Promise<SiteExecution | null> {
    const signed = this.signed('service:launcher', atMillis);
    return (await siteExecutions(this.store).decide(executionId, { type: 'abort', ...signed }, this.context)).state;
  }

  /** Whoever owns it gives it up. */
  async fail(executionId: string, reason: FailureReason): Promise<void> {
    const owner = (await this.get(executionId)).owner ?? '';
    const command = { type: 'fail', ...this.signed('service:device-executor'), owner, reason, message: null } as const;
    const decided = await siteExecutions(this.store).decide(executionId, command, this.context);
    if (!decided.ok) throw new Error(`it was refused: ${decided.rejection.code}`);
  }

  async get(executionId: string): Promise<SiteExecution> {
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

  private get context() {
    return { organizationId, correlationId: v7(), causationId: v7() };
  }

  private signed(by: string, atMillis = Date.now()) {
    return { at: timestampOfMillis(atMillis), by };
  }

  /** A script as its stream holds it. */
  private async scriptOf(script: string): Promise<string> {
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
