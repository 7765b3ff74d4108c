import type { Fact } from '../decider.js';
import type { FailureReason } from '../site-execution/failure-reason.js';
import type { Timestamp } from '../timestamp.js';

/** What an author decides and an approver approves. */
export interface ScriptPlan {
  readonly description: string;
  /** RouterOS source, byte for byte as it was sent. */
  readonly script: string;
  /** SHA-256 of the script's UTF-8 bytes, lower-case hex: executions refer to the text by it. */
  readonly scriptSha256: string;
  readonly launchAt: Timestamp;
  readonly sites: readonly string[];
  readonly notify: readonly string[];
  readonly testSiteId: string | null;
  readonly makeBackup: boolean;
  readonly abortIfOffline: boolean;
}

export interface FailedSite {
  readonly siteId: string;
  readonly reason: FailureReason;
}

export type ScheduledScriptEvent =
  | Fact<'scheduled-script.created.v1', ScriptPlan & { readonly scriptId: string; readonly organizationId: string }>
  /** The whole plan as it stands after the change; any approval is void. */
  | Fact<'scheduled-script.revised.v1', ScriptPlan>
  /** No secret: the link's token is derived from these by whoever holds the key. `approvers` get a link, `informed` do not, `unknown` are not known. */
  | Fact<
      'scheduled-script.authorization-requested.v1',
      {
        readonly authorizationId: string;
        /** The version that the link approves. */
        readonly version: number;
        readonly approvers: readonly string[];
        readonly informed: readonly string[];
        readonly unknown: readonly string[];
      }
    >
  | Fact<'scheduled-script.authorized.v1', { readonly version: number; readonly authorizationId: string | null }>
  | Fact<'scheduled-script.cancelled.v1', { readonly reason: 'requested' | 'launch_missed' }>
  | Fact<'scheduled-script.launched.v1', { readonly trigger: 'schedule' | 'hand'; readonly windowEndsAt: Timestamp }>
  /** `number` counts the tests of a script from 1. */
  | Fact<'scheduled-script.test-requested.v1', { readonly siteId: string; readonly number: number; readonly windowEndsAt: Timestamp }>
  | Fact<'scheduled-script.rollout-aborted.v1', Record<string, never>>
  /** Self-contained, so that nobody has to join: how it ended, and where not. */
  | Fact<
      'scheduled-script.rollout-completed.v1',
      { readonly completed: number; readonly failed: number; readonly failedSites: readonly FailedSite[] }
    >;

export type ScheduledScriptEventType = ScheduledScriptEvent['type'];

/** The events that move `version`: those that change what was decided. */
export const decisiveEventTypes = [
  'scheduled-script.created.v1',
  'scheduled-script.revised.v1',
  'scheduled-script.authorized.v1',
  'scheduled-script.cancelled.v1',
  'scheduled-script.launched.v1',
] as const satisfies readonly ScheduledScriptEventType[];
