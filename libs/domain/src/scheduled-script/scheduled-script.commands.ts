import type { Timestamp } from '../timestamp.js';
import type { FailedSite, ScriptPlan } from './scheduled-script.events.js';

interface Command<Type extends string> {
  readonly type: Type;
  /** When it is decided: the clock of whoever asks. */
  readonly at: Timestamp;
  /** Who asks: a user's `sub`, or `service:<name>`. */
  readonly by: string;
}

/** Optimistic concurrency of a client (`If-Match`): decide only on one of these versions. Absent: on whatever stands. */
interface OnVersion {
  readonly ifVersions?: readonly number[] | undefined;
}

interface FourEyes {
  /** Configuration may let an author approve. */
  readonly allowSelfAuthorization: boolean;
}

export type ScheduledScriptCommand =
  | (Command<'create'> & { readonly scriptId: string; readonly organizationId: string; readonly plan: ScriptPlan })
  /** `launchAt`, `testSiteId`, `abortIfOffline`: undefined keeps what stands. */
  | (Command<'revise'> &
      OnVersion & {
        readonly plan: Omit<ScriptPlan, 'launchAt' | 'testSiteId' | 'abortIfOffline'> & {
          readonly launchAt?: Timestamp | undefined;
          readonly testSiteId?: string | null | undefined;
          readonly abortIfOffline?: boolean | undefined;
        };
      })
  /** `recipients` are the script's `notify` users as the user directory knows them; an author among the approvers is only informed. */
  | (Command<'request-authorization'> &
      OnVersion & {
        readonly authorizationId: string;
        readonly recipients: {
          readonly approvers: readonly string[];
          readonly informed: readonly string[];
          readonly unknown: readonly string[];
        };
      })
  /** With an `authorizationId` it is an approval by link: `by` has to be one of those who got it. */
  | (Command<'authorize'> & OnVersion & FourEyes & { readonly authorizationId: string | null })
  | (Command<'cancel'> & OnVersion)
  /** By the launcher at `launchAt`. Later than `graceMillis`, it becomes a cancellation with reason `launch_missed`. */
  | (Command<'launch-on-schedule'> & { readonly graceMillis: number; readonly windowMillis: number })
  | (Command<'launch-by-hand'> & OnVersion & FourEyes & { readonly windowMillis: number })
  | (Command<'request-test'> & OnVersion & { readonly windowMillis: number })
  | (Command<'abort-rollout'> & OnVersion)
  | (Command<'complete-rollout'> & { readonly completed: number; readonly failedSites: readonly FailedSite[] });

/** Why a command is refused; the codes are those of the wire contract, section 5, and a few that only services see. */
export type ScheduledScriptRejection =
  | { readonly code: 'script_not_found' }
  | { readonly code: 'script_already_exists' }
  | { readonly code: 'revision_mismatch'; readonly version: number }
  | { readonly code: 'script_already_launched' }
  | { readonly code: 'script_cancelled' }
  | { readonly code: 'not_authorizable'; readonly status: string }
  /** It cannot be launched, or has no launch whose rollout could be completed. */
  | { readonly code: 'not_launchable'; readonly status: string }
  /** `status` is `completed` where the rollout has ended. */
  | { readonly code: 'not_abortable'; readonly status: string }
  | { readonly code: 'launch_time_passed' }
  | { readonly code: 'launch_at_in_past' }
  | { readonly code: 'launch_too_early' }
  | { readonly code: 'self_authorization_forbidden' }
  | { readonly code: 'no_approver' }
  | { readonly code: 'no_test_site' }
  | { readonly code: 'rollout_already_completed' };
