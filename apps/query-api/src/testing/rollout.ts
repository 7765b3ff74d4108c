import { hash } from 'node:crypto';
import type { DataOf, DomainEvent, EventMessage, Timestamp } from '@scheduled-scripts/contracts';
import { idOf, Recorder, siteIds } from '@scheduled-scripts/contracts/testing';

const organizationId = 'org_a';
const at = (second: number): Timestamp =>
  new Date(Date.parse('2026-03-01T02:00:00Z') + second * 1_000).toISOString().replace('Z', '000Z') as Timestamp;
const sha256 = (text: string): string => hash('sha256', text);

/** As long as one may be, and twice that in JSON. */
const longMessage = '"'.repeat(500);

export type Step = 'requested' | 'claimed' | 'issued' | 'completed' | 'failed';

/** A script at as many sites as one likes, message by message, as the topics would carry them. */
export class TestRollout {
  readonly id: string;
  readonly sites: readonly string[];
  private readonly recorder = new Recorder(organizationId);
  private second = 0;

  constructor(name: string, sites: number) {
    this.id = idOf(name);
    this.sites = siteIds(name, sites);
  }

  get path(): string {
    return `/scripts/scheduled/${this.id}`;
  }

  executionId(siteId: string): string {
    return idOf(this.id, siteId);
  }

  created(script = ':put 1'): EventMessage {
    const plan = this.plan(script);
    return this.script('created', { scriptId: this.id, organizationId, ...plan });
  }

  revised(script: string): EventMessage {
    return this.script('revised', this.plan(script));
  }

  authorized(): EventMessage {
    return this.script('authorized', { version: 1, authorizationId: null });
  }

  cancelled(): EventMessage {
    return this.script('cancelled', { reason: 'requested' });
  }

  launched(): EventMessage {
    return this.script('launched', { trigger: 'schedule', windowEndsAt: at(7_200) });
  }

  summarized(script: string, summary: string): EventMessage {
    const data = { scriptId: this.id, scriptSha256: sha256(script), summary };
    return this.record(`scriptSummary-${this.id}`, { type: 'script-summary.summarized.v1', ...this.by('service:summarizer'), data });
  }

  /** Created and launched. */
  begun(): readonly EventMessage[] {
    return [this.created(), this.authorized(), this.launched()];
  }

  /** Of each of the sites, or of some. */
  every(step: Step, sites: readonly string[] = this.sites): readonly EventMessage[] {
    return sites.map((siteId) => this.at(siteId, step));
  }

  at(siteId: string, step: Step): EventMessage {
    const executionId = this.executionId(siteId);
    const ref = { executionId, scriptId: this.id, siteId, kind: 'rollout' } as const;
    const own = this.by('service:device-executor');
    const record = (event: DomainEvent): EventMessage => this.record(`siteExecution-${executionId}`, event);
    switch (step) {
      case 'requested': {
        const order = { scriptVersion: 3, scriptSha256: sha256(':put 1'), organizationId, windowEndsAt: at(7_200) };
        const data = { ...ref, ...order, makeBackup: false, abortIfOffline: false };
        return record({ type: 'site-execution.requested.v1', ...own, data });
      }
      case 'claimed':
        return record({ type: 'site-execution.claimed.v1', ...own, data: { ...ref, owner: 'executor-1' } });
      case 'issued':
        return record({ type: 'site-execution.issued.v1', ...own, data: { ...ref, routerUptimeSeconds: 1 } });
      case 'completed':
        return record({ type: 'site-execution.completed.v1', ...own, data: ref });
      case 'failed':
        return record({ type: 'site-execution.failed.v1', ...own, data: { ...ref, reason: 'script_error', message: longMessage } });
      default:
        return step satisfies never;
    }
  }

  private plan(script: string): DataOf<'scheduled-script.revised.v1'> {
    const { sites } = this;
    const flags = { makeBackup: false, abortIfOffline: false, testSiteId: null };
    return { description: 'A rollout', script, scriptSha256: sha256(script), launchAt: at(0), sites, notify: [], ...flags };
  }

  private by(actor: string): { readonly at: Timestamp; readonly by: string } {
    this.second += 1;
    return { at: at(this.second), by: actor };
  }

  private script<Name extends 'created' | 'revised' | 'authorized' | 'cancelled' | 'launched'>(
    name: Name,
    data: DataOf<`scheduled-script.${Name}.v1`>,
  ): EventMessage {
    const event = { type: `scheduled-script.${name}.v1`, ...this.by('auth0|author'), data } as DomainEvent;
    return this.record(`scheduledScript-${this.id}`, event);
  }

  private record(stream: string, event: DomainEvent): EventMessage {
    return this.recorder.record(stream, event);
  }
}
