import type { SiteExecutionView } from '@scheduled-scripts/contracts';
import type { Queryable, Row } from '@scheduled-scripts/postgres';
import type { ScriptKey } from './find-scheduled-script.js';
import { viewColumns } from './list-executions.js';

/** How often anything of a script has changed, in the generation that readers see. Positions of two generations do not compare. */
export interface ScriptPosition {
  readonly generation: string;
  /** 0: nothing was counted yet. */
  readonly position: number;
}

export interface ScriptPositions {
  of(scriptId: string): ScriptPosition;
}

/** The row that was read last, in the order in which rows change; `beginning` before the first. */
export interface ChangePlace {
  readonly position: number;
  readonly id: string;
}

export const beginning: ChangePlace = { position: 0, id: '00000000-0000-0000-0000-000000000000' };

export interface ChangedExecutionsQuery extends ScriptKey {
  readonly after: ChangePlace;
  readonly rows: number;
}

export interface ChangedExecutions {
  /** Of the rows and their positions. */
  readonly generation: string;
  readonly items: readonly (SiteExecutionView & { readonly position: number })[];
  readonly more: boolean;
}

/** Positions are read before rows: then every row up to the position is found. */
export const findPositions = async (db: Queryable, scriptIds: readonly string[]): Promise<ScriptPositions> => {
  const rows = await db.query<{ generation: string; scriptId: string | null; position: number | null } & Row>(
    `SELECT live.name AS generation, p.script_id AS "scriptId", p.position
     FROM live_generation live LEFT JOIN script_positions p ON p.script_id = ANY($1::uuid[])`,
    [scriptIds],
    'find-positions',
  );
  const known = new Map(rows.map(({ scriptId, position }) => [scriptId, position ?? 0]));
  const generation = rows[0]?.generation ?? '';
  return { of: (scriptId) => ({ generation, position: known.get(scriptId) ?? 0 }) };
};

/**
 * The executions whose row changed after that place, the least recently changed first. One that changes again meanwhile moves behind
 * the others, so that whoever goes on from the last row meets the newest state of each.
 */
export const findChangedExecutions = async (
  db: Queryable,
  { organizationId, scriptId, after, rows }: ChangedExecutionsQuery,
): Promise<ChangedExecutions> => {
  const found = await db.query<ChangedExecutions['items'][number] & { id: string | null; generation: string } & Row>(
    `SELECT live.name AS generation, changed.* FROM live_generation live LEFT JOIN (
       SELECT ${viewColumns}, position FROM site_executions
       WHERE script_id = $1 AND organization_id = $2 AND (position, id) > ($3, $4) ORDER BY position, id LIMIT $5
     ) changed ON true ORDER BY changed.position, changed.id`,
    [scriptId, organizationId, after.position, after.id, rows + 1],
    'find-changed-executions',
  );
  const items = found.filter(({ id }) => id !== null).slice(0, rows);
  return { generation: found[0]?.generation ?? '', items, more: found.length > rows };
};
