import type { Database, Queryable, Transaction } from '@scheduled-scripts/postgres';

/** How a script stands to a site that was reserved for it, by the fold of the script's stream. */
export type SiteUse =
  /** It targets the site, or tests on it, and may still run there. */
  | 'pending'
  /** It is not there, or does not name the site: the append that will may be under way. */
  | 'not_named'
  /** Cancelled, or its rollout has completed: it never runs there again. */
  | 'over';

export interface ReservedUse {
  readonly organizationId: string;
  readonly scriptId: string;
  readonly siteId: string;
}

/**
 * Asked while the site's row is locked. The write side decides from streams only; that is why the directory keeps who reserved what,
 * and asks what has become of it.
 */
export type UseOf = (use: ReservedUse) => Promise<SiteUse>;

/**
 * Between a reservation and the append it is for lies less than a request's time. A process that is paused for longer may yet append:
 * then the site fails with `site_removed`, visibly.
 */
const appendMayBeUnderWaySeconds = 60;

/**
 * Locked in one order, so that two reservations and a removal never wait for each other in a circle. The lock holds off a removal, and only
 * that, until the marks are committed. One statement: a site that goes while it waits for the lock is missing.
 */
const reservation = `
  WITH found AS MATERIALIZED (
    SELECT id FROM site_directory.sites WHERE organization_id = $1 AND id = ANY($3::text[]) ORDER BY id FOR KEY SHARE
  ), missing AS (
    SELECT id FROM unnest($3::text[]) AS id EXCEPT SELECT id FROM found
  ), reserved AS (
    INSERT INTO site_directory.site_uses (organization_id, script_id, site_id)
    SELECT $1, $2, id FROM found WHERE NOT EXISTS (SELECT FROM missing)
    ON CONFLICT (organization_id, site_id, script_id) DO UPDATE SET reserved_at = clock_timestamp()
  )
  SELECT id FROM missing`;

/** Marks the sites as used by the script, or returns those that are not there and marks none. */
export const reserveSites = async (
  database: Database,
  organizationId: string,
  scriptId: string,
  siteIds: readonly string[],
): Promise<readonly string[]> => {
  const missing = await database.query<{ id: string }>(reservation, [organizationId, scriptId, siteIds], 'reserve-sites');
  return missing.map(({ id }) => id);
};

const forget = (db: Queryable, organizationId: string, siteId: string, scriptIds: readonly string[]): Promise<unknown> =>
  db.query(`DELETE FROM site_directory.site_uses WHERE organization_id = $1 AND site_id = $2 AND script_id = ANY($3::uuid[])`, [
    organizationId,
    siteId,
    scriptIds,
  ]);

/** A script that needs the site, or null. What turns out to be over is forgotten on the way. The caller holds the site's row. */
export const userOfSite = async (tx: Transaction, organizationId: string, siteId: string, useOf: UseOf): Promise<string | null> => {
  const uses = await tx.query<{ scriptId: string; isFresh: boolean }>(
    `SELECT script_id AS "scriptId", reserved_at > clock_timestamp() - make_interval(secs => $3) AS "isFresh"
       FROM site_directory.site_uses WHERE organization_id = $1 AND site_id = $2 ORDER BY reserved_at DESC`,
    [organizationId, siteId, appendMayBeUnderWaySeconds],
  );
  const over: string[] = [];
  let user: string | null = null;
  for (const { scriptId, isFresh } of uses) {
    const use = await useOf({ organizationId, scriptId, siteId });
    if (use === 'pending' || (use === 'not_named' && isFresh)) {
      user = scriptId;
      break;
    }
    over.push(scriptId);
  }
  await forget(tx, organizationId, siteId, over);
  return user;
};

const isOld = `reserved_at < clock_timestamp() - make_interval(secs => ${appendMayBeUnderWaySeconds})`;

/** Forgets the uses of scripts that are over: every rollout leaves one for each of its sites. Returns how many scripts. */
export const pruneSiteUses = async (
  database: Database,
  isOver: (script: Omit<ReservedUse, 'siteId'>) => Promise<boolean>,
): Promise<number> => {
  const scripts = await database.query<{ organizationId: string; scriptId: string }>(
    `SELECT DISTINCT organization_id AS "organizationId", script_id AS "scriptId" FROM site_directory.site_uses WHERE ${isOld}`,
  );
  let pruned = 0;
  for (const script of scripts) {
    if (!(await isOver(script))) continue;
    // Old still: meanwhile a repeated request may have reserved the sites again.
    await database.query(`DELETE FROM site_directory.site_uses WHERE organization_id = $1 AND script_id = $2 AND ${isOld}`, [
      script.organizationId,
      script.scriptId,
    ]);
    pruned += 1;
  }
  return pruned;
};
