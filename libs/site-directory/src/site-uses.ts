import type { Database, Queryable, Transaction } from '@scheduled-scripts/postgres';
import { isOld } from './reserved-at.js';
import type { Reservation } from './reservation-queue.js';

/** How a script stands to a site that was reserved for it, by the fold of the script's stream. */
export type SiteUse =
  /** It targets the site, or tests on it, and may still run there. */
  | 'pending'
  /** It does not name the site. A change that will may be under way; its creation is not, for it is there. */
  | 'not_named'
  /** It is not there: the append that creates it may be under way. */
  | 'absent'
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

/** Who keeps a site from being removed. */
export interface SiteUser {
  readonly scriptId: string;
  /** `reserved`: the append that would let the script run there may be under way; soon it has come, or never will. */
  readonly use: 'pending' | 'reserved';
}

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
  ), opened AS (
    INSERT INTO site_directory.open_changes (organization_id, script_id, change)
    SELECT $1, $2, $4::uuid WHERE $4 IS NOT NULL AND NOT EXISTS (SELECT FROM missing)
    ON CONFLICT DO NOTHING
  )
  SELECT id FROM missing`;

/** Marks the sites as used by the script, or returns those that are not there and marks none. */
export const reserveSites = async (
  database: Database,
  { organizationId, scriptId, siteIds, change }: Reservation,
): Promise<readonly string[]> => {
  const missing = await database.query<{ id: string }>(reservation, [organizationId, scriptId, siteIds, change ?? null], 'reserve-sites');
  return missing.map(({ id }) => id);
};

const forget = (db: Queryable, organizationId: string, siteId: string, scriptIds: readonly string[]): Promise<unknown> =>
  db.query(`DELETE FROM site_directory.site_uses WHERE organization_id = $1 AND site_id = $2 AND script_id = ANY($3::uuid[])`, [
    organizationId,
    siteId,
    scriptIds,
  ]);

/**
 * Who needs the site, or null. What turns out to be over is forgotten on the way. The caller holds the site's row: no reservation comes in.
 * Which changes are under way is read before the scripts are: one that is closed by then has come to where its script's fold shows it.
 */
export const userOfSite = async (tx: Transaction, organizationId: string, siteId: string, useOf: UseOf): Promise<SiteUser | null> => {
  const uses = await tx.query<{ scriptId: string; isFresh: boolean; isChanging: boolean }>(
    `SELECT script_id AS "scriptId", NOT ${isOld('uses')} AS "isFresh", EXISTS (
              SELECT FROM site_directory.open_changes AS changes
               WHERE changes.organization_id = uses.organization_id AND changes.script_id = uses.script_id AND NOT ${isOld('changes')}
            ) AS "isChanging"
       FROM site_directory.site_uses AS uses WHERE organization_id = $1 AND site_id = $2 ORDER BY reserved_at DESC`,
    [organizationId, siteId],
  );
  const over: string[] = [];
  let user: SiteUser | null = null;
  for (const { scriptId, isFresh, isChanging } of uses) {
    const use = await useOf({ organizationId, scriptId, siteId });
    if (use === 'pending') {
      user = { scriptId, use };
      break;
    }
    if ((use === 'not_named' && isChanging) || (use === 'absent' && isFresh)) user = { scriptId, use: 'reserved' };
    else over.push(scriptId);
  }
  await forget(tx, organizationId, siteId, over);
  return user;
};

/** Forgets the uses of scripts that are over: every rollout leaves one for each of its sites. Returns how many scripts. */
export const pruneSiteUses = async (
  database: Database,
  isOver: (script: Omit<ReservedUse, 'siteId'>) => Promise<boolean>,
): Promise<number> => {
  const scripts = await database.query<{ organizationId: string; scriptId: string }>(
    `SELECT DISTINCT organization_id AS "organizationId", script_id AS "scriptId" FROM site_directory.site_uses WHERE ${isOld('site_uses')}`,
  );
  let pruned = 0;
  for (const script of scripts) {
    if (!(await isOver(script))) continue;
    // Old still: meanwhile a repeated request may have reserved the sites again.
    await database.query(`DELETE FROM site_directory.site_uses WHERE organization_id = $1 AND script_id = $2 AND ${isOld('site_uses')}`, [
      script.organizationId,
      script.scriptId,
    ]);
    pruned += 1;
  }
  return pruned;
};
