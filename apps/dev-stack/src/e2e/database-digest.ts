import { setTimeout as rest } from 'node:timers/promises';
import type { Queryable } from '@scheduled-scripts/postgres';

/** Of each table of every schema: how many rows it has, and a hash of them that does not depend on their order. */
export type DatabaseDigest = Readonly<Record<string, string>>;

/** Who works on what, and until when: this moves while nothing happens. */
const movingTables = ['lease', 'members'];
const movingColumns = ['owner', 'token', 'claim', 'generation', 'lease_until', 'leased_until', 'expires_at'];

const columnsByTable = (database: Queryable) =>
  database.query<{ name: string; table: string; columns: string }>(
    `SELECT format('%s.%s', c.table_schema, c.table_name) AS name, format('%I.%I', c.table_schema, c.table_name) AS "table",
            string_agg(format('%I', c.column_name), ', ' ORDER BY c.ordinal_position) AS columns
       FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')
        AND c.table_name <> ALL ($1) AND c.column_name <> ALL ($2)
      GROUP BY 1, 2 ORDER BY 1`,
    [movingTables, movingColumns],
  );

/** As of one instant. Two that are equal hold the same rows; leases and heartbeats do not count. */
export const databaseDigest = async (database: Queryable): Promise<DatabaseDigest> => {
  const tables = await columnsByTable(database);
  const digests = tables.map(
    ({ table, columns }, index) =>
      `SELECT $1::text[] AS names, ${index} AS place,
              count(*) || ' rows ' || coalesce(sum(hashtextextended(ROW(${columns})::text, 0)::numeric), 0) AS digest FROM ${table}`,
  );
  const names = tables.map(({ name }) => name);
  const rows = await database.query<{ name: string; digest: string }>(
    `SELECT names[place + 1] AS name, digest FROM (${digests.join(' UNION ALL ')}) found ORDER BY place`,
    [names],
  );
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
};

/** Once what was under way has ended: two looks, half a second apart, that see the same. */
export const settledDigest = async (database: Queryable): Promise<DatabaseDigest> => {
  const deadline = Date.now() + 30_000;
  for (let before = await databaseDigest(database); ;) {
    await rest(500);
    const after = await databaseDigest(database);
    if (JSON.stringify(after) === JSON.stringify(before)) return after;
    if (Date.now() > deadline) throw new Error('the database does not come to rest');
    before = after;
  }
};
