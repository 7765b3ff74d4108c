import type { Transaction } from '@scheduled-scripts/postgres';
import { tableOf } from '../generations/tables.js';

interface Position {
  readonly scriptId: string;
  readonly position: number;
}

/**
 * One step on for each of these scripts. Whoever else changes one of them waits here until our transaction has ended, so that rows
 * become visible in the order of their positions: a reader who has seen one has seen, or can see, all before it. Always the last
 * locks that a batch takes on what others may change, and in one order.
 */
export const nextPositions = async (
  tx: Transaction,
  generation: number,
  scriptIds: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  if (scriptIds.length === 0) return new Map();
  const table = tableOf('script_positions', generation);
  const rows = await tx.query<Position & Record<string, unknown>>(
    `INSERT INTO ${table} (script_id, position) SELECT id, 1 FROM unnest($1::uuid[]) AS id GROUP BY id ORDER BY id
     ON CONFLICT (script_id) DO UPDATE SET position = ${table}.position + 1 RETURNING script_id AS "scriptId", position`,
    [scriptIds],
  );
  return new Map(rows.map(({ scriptId, position }) => [scriptId, position]));
};
