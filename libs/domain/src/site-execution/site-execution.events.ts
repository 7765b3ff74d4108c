import type { Fact } from '../decider.js';
import type { Timestamp } from '../timestamp.js';
import type { FailureReason } from './failure-reason.js';

/** What one run of one script at one site is about. The text is not in it: it is read from the script's stream and checked against the hash. */
export interface ExecutionOrder {
  readonly executionId: string;
  readonly scriptId: string;
  /** The version that was launched, or tested. */
  readonly scriptVersion: number;
  readonly scriptSha256: string;
  readonly organizationId: string;
  readonly siteId: string;
  readonly kind: 'rollout' | 'test';
  /** Nothing is issued at or after this instant. */
  readonly windowEndsAt: Timestamp;
  readonly makeBackup: boolean;
  readonly abortIfOffline: boolean;
}

export interface BackupTaken {
  /** SHA-256 of the configuration text, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly takenAt: Timestamp;
}

/**
 * Every event after `requested` repeats the ids of its script and site, so that a consumer of one message needs no other.
 * `claimed`: an executor took it; `prepared`: our objects lie on the router and the site is held; `issued`: the start command may
 * be on its way and is never sent again; then one terminal event. `resolved` corrects an unknown outcome later.
 */
export interface ExecutionRef {
  readonly executionId: string;
  readonly scriptId: string;
  readonly siteId: string;
  readonly kind: 'rollout' | 'test';
}

export type SiteExecutionEvent =
  | Fact<'site-execution.requested.v1', ExecutionOrder>
  | Fact<'site-execution.claimed.v1', ExecutionRef & { readonly owner: string }>
  | Fact<'site-execution.prepared.v1', ExecutionRef & { readonly backup: BackupTaken | null }>
  /** `routerUptimeSeconds` lets another process tell whether the router has rebooted since. */
  | Fact<'site-execution.issued.v1', ExecutionRef & { readonly routerUptimeSeconds: number }>
  | Fact<'site-execution.completed.v1', ExecutionRef>
  /** `message`: the router's own words, cleaned and cut at 500 characters, or ours. */
  | Fact<'site-execution.failed.v1', ExecutionRef & { readonly reason: FailureReason; readonly message: string | null }>
  /** The truth about an `outcome_unknown`, found later. */
  | Fact<
      'site-execution.resolved.v1',
      ExecutionRef &
        (
          | { readonly outcome: 'completed' }
          | { readonly outcome: 'failed'; readonly reason: FailureReason; readonly message: string | null }
        )
    >;

export type SiteExecutionEventType = SiteExecutionEvent['type'];
