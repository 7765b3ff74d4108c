import { progressOf, type Progress, type ScheduledScriptView, type ScriptStatus } from '@scheduled-scripts/contracts';
import type { ShownPlan } from '../projection/scheduled-script.fold.js';

export interface ProgressColumns {
  readonly status: ScriptStatus;
  /** Lists are joined with commas, which no site id has; null for none. */
  readonly sites: string;
  readonly completed: string | null;
  readonly failed: string | null;
}

type Plain = Omit<ScheduledScriptView, keyof ShownPlan | 'sites' | 'progress'>;
export type ViewColumns = Plain & ProgressColumns & { readonly plan: string };

/** What `progressFrom` needs of a script `s` and its `rollout`. */
export const progressColumns = `s.status, array_to_string(s.sites, ',') AS sites, rollout.completed, rollout.failed`;

/** What `viewOf` needs. A summary of another text than the script's is out of date. */
export const viewColumns = `${progressColumns}, s.id, s.version, s.plan, s.created_by AS "createdBy", s.launch_at AS "launchAt",
  s.authorized_at AS "authorizedAt", s.cancelled_at AS "cancelledAt", s.created_at AS "createdAt", s.updated_at AS "updatedAt",
  CASE WHEN s.summary_sha256 = s.script_sha256 THEN s.summary END AS summary, rollout.started_at AS "startedAt"`;

/** The rollout of a script `s`, derived from its executions; nothing of them shows before the launch. */
export const joinRollout = `
  LEFT JOIN LATERAL (
    SELECT string_agg(e.site_id, ',') FILTER (WHERE e.state = 'completed') AS completed,
      string_agg(e.site_id, ',') FILTER (WHERE e.state = 'failed') AS failed, min(e.started_at) AS started_at
    FROM site_executions e WHERE e.script_id = s.id AND e.organization_id = s.organization_id AND e.kind = 'rollout'
  ) rollout ON s.status = 'launched'`;

const list = (joined: string | null): readonly string[] => (joined ? joined.split(',') : []);

export const progressFrom = ({ status, sites, completed, failed }: ProgressColumns): Progress => {
  const ended = (state: 'completed' | 'failed', joined: string | null) =>
    list(joined).map((siteId) => ({ siteId, kind: 'rollout', state }) as const);
  return progressOf({ status, sites: list(sites) }, [...ended('completed', completed), ...ended('failed', failed)]);
};

export const viewOf = (row: ViewColumns): ScheduledScriptView => {
  // Field by field: to spread the plan costs ten times as much as to parse it, once a row of every list.
  const plan = JSON.parse(row.plan) as ShownPlan;
  return {
    id: row.id,
    version: row.version,
    createdBy: row.createdBy,
    testSiteId: plan.testSiteId,
    makeBackup: plan.makeBackup,
    abortIfOffline: plan.abortIfOffline,
    description: plan.description,
    summary: row.summary,
    script: plan.script,
    status: row.status,
    authorizedAt: row.authorizedAt,
    cancelledAt: row.cancelledAt,
    launchAt: row.launchAt,
    startedAt: row.startedAt,
    sites: list(row.sites),
    notify: plan.notify,
    progress: progressFrom(row),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
};
