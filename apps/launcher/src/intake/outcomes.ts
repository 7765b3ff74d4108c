import type { ReadEvent } from '@scheduled-scripts/contracts';
import type { FailedSite, FailureReason, SiteExecutionEvent } from '@scheduled-scripts/domain';
import type { Queryable } from '@scheduled-scripts/postgres';

export interface Outcome {
  readonly scriptId: string;
  readonly siteId: string;
  readonly revision: number;
  /** `null`: completed. */
  readonly reason: FailureReason | null;
}

/** How an execution of a rollout ended; `null` for what is no end of one. What is found out later counts as long as others still run. */
export const outcomeOf = (read: ReadEvent, { type, data }: SiteExecutionEvent): Outcome | null => {
  if (data.kind !== 'rollout') return null;
  const { scriptId, siteId } = data;
  const outcome = { scriptId, siteId, revision: read.revision };
  switch (type) {
    case 'site-execution.completed.v1':
      return { ...outcome, reason: null };
    case 'site-execution.failed.v1':
      return { ...outcome, reason: data.reason };
    case 'site-execution.resolved.v1':
      return { ...outcome, reason: data.outcome === 'completed' ? null : data.reason };
    case 'site-execution.requested.v1':
    case 'site-execution.claimed.v1':
    case 'site-execution.prepared.v1':
    case 'site-execution.issued.v1':
      return null;
    default:
      return type satisfies never;
  }
};

export const noteOutcomes = (db: Queryable, outcomes: readonly Outcome[]): Promise<unknown> =>
  db.query(
    `INSERT INTO outcomes AS known (script_id, site_id, revision, reason)
     SELECT DISTINCT ON (script_id, site_id) *
     FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[]) AS new (script_id, site_id, revision, reason)
     ORDER BY script_id, site_id, revision DESC
     ON CONFLICT (script_id, site_id) DO UPDATE SET revision = excluded.revision, reason = excluded.reason
     WHERE known.revision < excluded.revision`,
    [
      outcomes.map(({ scriptId }) => scriptId),
      outcomes.map(({ siteId }) => siteId),
      outcomes.map(({ revision }) => revision),
      outcomes.map(({ reason }) => reason),
    ],
  );

/** Which of the rollouts have ended at every site, and are not known to be completed. */
export const endedAmong = async (db: Queryable, scriptIds: readonly string[]): Promise<readonly string[]> => {
  const ended = await db.query<{ id: string }>(
    `SELECT script_id AS id FROM scripts
     WHERE script_id = ANY($1) AND phase = 'launched'
       AND sites <= (SELECT count(*) FROM outcomes WHERE outcomes.script_id = scripts.script_id)`,
    [scriptIds],
  );
  return ended.map(({ id }) => id);
};

export interface RolloutResult {
  readonly completed: number;
  readonly failedSites: readonly FailedSite[];
}

export const resultOf = async (db: Queryable, scriptId: string): Promise<RolloutResult> => {
  const rows = await db.query<{ siteId: string; reason: FailureReason | null }>(
    `SELECT site_id AS "siteId", reason FROM outcomes WHERE script_id = $1 ORDER BY site_id`,
    [scriptId],
  );
  const failedSites = rows.flatMap(({ siteId, reason }) => (reason === null ? [] : [{ siteId, reason }]));
  return { completed: rows.length - failedSites.length, failedSites };
};
