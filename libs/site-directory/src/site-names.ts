import type { Queryable } from '@scheduled-scripts/postgres';

/** So many sites a script has at most. */
const mostIds = 10_000;

/**
 * What the sites are called, by id, in one query, for 10 000 ids at most; those that are not there are left out. Reads the columns `id`,
 * `organization_id` and `name` and no other: a role that is granted these may ask, and can learn nothing else of a site.
 */
export const siteNames = async (db: Queryable, organizationId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  if (ids.length > mostIds) throw new RangeError(`the names of ${ids.length} sites at once: ${mostIds} at most`);
  const rows = await db.query<{ id: string; name: string }>(
    `SELECT id, name FROM site_directory.sites WHERE organization_id = $1 AND id = ANY($2)`,
    [organizationId, ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
};
