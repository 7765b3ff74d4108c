import type { Dated } from '../decider.js';
import type { Timestamp } from '../timestamp.js';
import type { FailedSite, ScriptPlan } from './scheduled-script.events.js';

export type ScriptStatus = 'unauthorized' | 'scheduled' | 'launched' | 'cancelled';

/** So many requests for one version are remembered; they come a minute apart. The link of an older one is void. */
export const mostOpenRequests = 100;

export interface AuthorizationRequest {
  readonly authorizationId: string;
  readonly at: Timestamp;
  readonly approvers: readonly string[];
}

/** Everything that decisions about one scheduled script depend on. */
export interface ScheduledScript extends ScriptPlan, Dated {
  readonly id: string;
  readonly organizationId: string;
  readonly status: ScriptStatus;
  /** How often what was decided has changed; the first is 1. Not the stream's revision. */
  readonly version: number;
  readonly createdBy: string;
  /** The creator and everybody who revised it: none of them may approve it (four eyes). */
  readonly authors: readonly string[];
  readonly authorizedAt: Timestamp | null;
  readonly cancelledAt: Timestamp | null;
  readonly launchedAt: Timestamp | null;
  readonly windowEndsAt: Timestamp | null;
  /** What the links of the version that stands were sent by, oldest first: the newest `mostOpenRequests`. */
  readonly authorizationRequests: readonly AuthorizationRequest[];
  readonly testsRequested: number;
  readonly rolloutAborted: boolean;
  readonly rolloutCompleted: boolean;
  /** How it ended when it was completed: tells a repeated completion from a different one. */
  readonly rolloutResult: { readonly completed: number; readonly failedSites: readonly FailedSite[] } | null;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/** `null` before the first event. */
export type ScheduledScriptState = ScheduledScript | null;
