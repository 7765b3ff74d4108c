import { fact } from '../decider.js';
import type { FailureReason } from '../site-execution/failure-reason.js';
import type { SiteExecutionCommand } from '../site-execution/site-execution.commands.js';
import type { BackupTaken, ExecutionOrder, SiteExecutionEvent } from '../site-execution/site-execution.events.js';
import { minute } from './scripts.js';

export const order: ExecutionOrder = {
  executionId: 'execution-1',
  scriptId: 'script-1',
  siteId: 'site_0000000000000001',
  kind: 'rollout',
  scriptVersion: 3,
  scriptSha256: 'a'.repeat(64),
  organizationId: 'org_1',
  windowEndsAt: minute(180),
  makeBackup: false,
  abortIfOffline: false,
};

export const ref = { executionId: 'execution-1', scriptId: 'script-1', siteId: 'site_0000000000000001', kind: 'rollout' } as const;
export const backup: BackupTaken = { sha256: 'b'.repeat(64), bytes: 12_000, takenAt: minute(61) };

export const owner = 'executor-1';
export const other = 'executor-2';

const by = (minutes: number, user = owner) => ({ at: minute(minutes), by: user });

/** A past, event by event: requested at minute 60, issued at 63, ended at 70. */
export const happened = {
  requested: (changes: Partial<ExecutionOrder> = {}): SiteExecutionEvent =>
    fact('site-execution.requested.v1', by(60, 'service:launcher'), { ...order, ...changes }),
  claimed: (who = owner): SiteExecutionEvent => fact('site-execution.claimed.v1', by(61, who), { ...ref, owner: who }),
  prepared: (taken: BackupTaken | null = null): SiteExecutionEvent => fact('site-execution.prepared.v1', by(62), { ...ref, backup: taken }),
  issued: (): SiteExecutionEvent => fact('site-execution.issued.v1', by(63), { ...ref, routerUptimeSeconds: 500 }),
  completed: (): SiteExecutionEvent => fact('site-execution.completed.v1', by(70), ref),
  failed: (reason: FailureReason, message: string | null = null): SiteExecutionEvent =>
    fact('site-execution.failed.v1', by(70), { ...ref, reason, message }),
  resolved: (): SiteExecutionEvent => fact('site-execution.resolved.v1', by(300), { ...ref, outcome: 'completed' }),
};

const toIssued = [happened.requested(), happened.claimed(), happened.prepared(), happened.issued()];

/** Every phase by the shortest way there; `unknown` is the failure that may still be resolved. */
export const historyOf = {
  none: [],
  requested: toIssued.slice(0, 1),
  claimed: toIssued.slice(0, 2),
  prepared: toIssued.slice(0, 3),
  issued: toIssued,
  completed: [...toIssued, happened.completed()],
  failed: [...toIssued, happened.failed('script_error', 'no such item')],
  unknown: [...toIssued, happened.failed('outcome_unknown')],
  aborted: [...toIssued.slice(0, 3), happened.failed('aborted')],
} satisfies Readonly<Record<string, readonly SiteExecutionEvent[]>>;

type Named<Type extends SiteExecutionCommand['type']> = Extract<SiteExecutionCommand, { type: Type }>;

/** Commands by the owner, at minute 65 unless told. */
export const command = {
  request: (changes: Partial<ExecutionOrder> = {}): SiteExecutionCommand => ({
    type: 'request',
    ...by(60, 'service:launcher'),
    order: { ...order, ...changes },
  }),
  claim: (who = owner): SiteExecutionCommand => ({ type: 'claim', ...by(65, who), owner: who }),
  prepare: (changes: Partial<Named<'prepare'>> = {}): SiteExecutionCommand => ({
    type: 'prepare',
    ...by(65),
    owner,
    backup: null,
    ...changes,
  }),
  issue: (changes: Partial<Named<'issue'>> = {}): SiteExecutionCommand => ({
    type: 'issue',
    ...by(65),
    owner,
    routerUptimeSeconds: 500,
    ...changes,
  }),
  complete: (who = owner): SiteExecutionCommand => ({ type: 'complete', ...by(65, who), owner: who }),
  fail: (reason: FailureReason, message: string | null = null, who = owner): SiteExecutionCommand => ({
    type: 'fail',
    ...by(65, who),
    owner: who,
    reason,
    message,
  }),
  abort: (): SiteExecutionCommand => ({ type: 'abort', ...by(65, 'service:launcher') }),
  resolveCompleted: (): SiteExecutionCommand => ({ type: 'resolve', ...by(65), outcome: 'completed' }),
  resolveFailed: (reason: FailureReason, message: string | null = null): SiteExecutionCommand => ({
    type: 'resolve',
    ...by(65),
    outcome: 'failed',
    reason,
    message,
  }),
};
