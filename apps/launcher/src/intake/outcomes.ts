import type { FailedSite, FailureReason } from '@scheduled-scripts/domain';
import type { Queryable } from '@scheduled-scripts/postgres';

export interface Outcome {
  readonly scriptId: string;
  readonly siteId: string;
  readonly executionId: string;
  readonly revision: number;
  /** `null`: completed. */
  readonly reason: FailureReason | null;
}

/** Notes how executions ended, and answers which of the touched rollouts have now ended at every site. */
export const noteOutcomes = async (db: Queryable, outcomes: readonly Outcome[], touched: readonly string[]): Promise<readonly string[]> => {
  if (outcomes.length > 0) {
    await db.query(
      `INSERT INTO outcomes (script_id, site_id, execution_id, revision, reason)
       SELECT DISTINCT ON (1, 2) * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[]) AS new (a, b, c, d, e) ORDER BY 1, 2, 4
       ON CONFLICT DO NOTHING`,
      [
        outcomes.map(({ scriptId }) => scriptId),
        outcomes.map(({ siteId }) => siteId),
        outcomes.map(({ executionId }) => executionId),
        outcomes.map(({ revision }) => revision),
        outcomes.map(({ reason }) => reason),
      ],
    );
  }
  const ended = await db.query<{ id: string }>(
    `SELECT script_id AS id FROM scripts
     WHERE script_id = ANY($1) AND phase = 'launched'
       AND sites <= (SELECT count(*) FROM outcomes WHERE outcomes.script_id = scripts.script_id)`,
    [touched],
  );
  return ended.map(({ id }) => id);
};

export interface RolloutResult {
  readonly completed: number;
  readonly failedSites: readonly FailedSite[];
}

export const resultOf = async (db: Queryable, scriptId: string): Promise<RolloutResult> => {
  const rows = await db.query<{ siteId: string; executionId: string; reason: FailureReason | null }>(
    `SELECT site_id AS "siteId", execution_id AS "executionId", reason FROM outcomes WHERE script_id = $1 ORDER BY site_id`,
    [scriptId],
  );
  const failedSites = rows.flatMap(({ siteId, executionId, reason }) => (reason === null ? [] : [{ siteId, executionId, reason }]));
  return { completed: rows.length - failedSites.length, failedSites };
};
