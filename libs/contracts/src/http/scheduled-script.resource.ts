import { progressOf, type Progress, type ScheduledScript, type ScriptStatus, type Timestamp } from '@scheduled-scripts/domain';
import { tMinus } from './t-minus.js';

export const scriptStatuses = ['unauthorized', 'scheduled', 'launched', 'cancelled'] as const satisfies readonly ScriptStatus[];

/** All that the resource's JSON is made of but the clock; folded state gives it, and so does a row. */
export interface ScheduledScriptView {
  readonly id: string;
  readonly version: number;
  readonly createdBy: string;
  readonly testSiteId: string | null;
  readonly makeBackup: boolean;
  readonly abortIfOffline: boolean;
  readonly description: string;
  readonly summary: string | null;
  readonly script: string;
  readonly status: ScriptStatus;
  readonly authorizedAt: Timestamp | null;
  readonly cancelledAt: Timestamp | null;
  readonly launchAt: Timestamp;
  readonly startedAt: Timestamp | null;
  readonly sites: readonly string[];
  readonly notify: readonly string[];
  readonly progress: Progress;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

export interface ScheduledScriptJson {
  readonly id: string;
  readonly created_by: string;
  readonly test_site_id: string | null;
  readonly make_backup: boolean;
  readonly abort_if_offline: boolean;
  readonly description: string;
  readonly summary: string | null;
  readonly script: string;
  readonly status: ScriptStatus;
  readonly authorized_at: Timestamp | null;
  readonly cancelled_at: Timestamp | null;
  readonly launch_at: Timestamp;
  readonly t_minus: string;
  readonly started_at: Timestamp | null;
  readonly sites: readonly string[];
  readonly notify: readonly string[];
  readonly progress: Progress;
  readonly created_at: Timestamp;
  readonly updated_at: Timestamp;
}

/** The resource as clients get it, fields in the promised order. `now`: milliseconds since the epoch. */
export const scheduledScriptJson = (view: ScheduledScriptView, now: number): ScheduledScriptJson => ({
  id: view.id,
  created_by: view.createdBy,
  test_site_id: view.testSiteId,
  make_backup: view.makeBackup,
  abort_if_offline: view.abortIfOffline,
  description: view.description,
  summary: view.summary,
  script: view.script,
  status: view.status,
  authorized_at: view.authorizedAt,
  cancelled_at: view.cancelledAt,
  launch_at: view.launchAt,
  t_minus: tMinus(view.launchAt, now),
  started_at: view.startedAt,
  sites: view.sites,
  notify: view.notify,
  progress: { completed: view.progress.completed, failed: view.progress.failed, pending: view.progress.pending },
  created_at: view.createdAt,
  updated_at: view.updatedAt,
});

/** What the folded events of a script alone can say: all there is to know up to its launch. */
export const viewOfScript = (script: ScheduledScript, summary: string | null = null): ScheduledScriptView => ({
  id: script.id,
  version: script.version,
  createdBy: script.createdBy,
  testSiteId: script.testSiteId,
  makeBackup: script.makeBackup,
  abortIfOffline: script.abortIfOffline,
  description: script.description,
  summary,
  script: script.script,
  status: script.status,
  authorizedAt: script.authorizedAt,
  cancelledAt: script.cancelledAt,
  launchAt: script.launchAt,
  startedAt: null,
  sites: script.sites,
  notify: script.notify,
  progress: progressOf(script, []),
  createdAt: script.createdAt,
  updatedAt: script.updatedAt,
});
