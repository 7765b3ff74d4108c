import type { Progress, ScheduledScriptView } from '@scheduled-scripts/contracts';
import type { Queryable, Row } from '@scheduled-scripts/postgres';
import {
  joinRollout,
  progressColumns,
  progressFrom,
  viewColumns,
  viewOf,
  type ProgressColumns,
  type ViewColumns,
} from './scheduled-script.view.js';

export interface ScriptKey {
  readonly organizationId: string;
  readonly scriptId: string;
}

const one = 's.id = $1 AND s.organization_id = $2';

export const findScheduledScript = async (db: Queryable, { organizationId, scriptId }: ScriptKey): Promise<ScheduledScriptView | null> => {
  const [row] = await db.query<ViewColumns & Row>(
    `SELECT ${viewColumns} FROM scheduled_scripts s ${joinRollout} WHERE ${one}`,
    [scriptId, organizationId],
    'find-script',
  );
  return row ? viewOf(row) : null;
};

/** The version that readers see; null while there is no row. */
export const findVersion = async (db: Queryable, { organizationId, scriptId }: ScriptKey): Promise<number | null> => {
  const [row] = await db.query<{ version: number } & Row>(
    `SELECT version FROM scheduled_scripts s WHERE ${one}`,
    [scriptId, organizationId],
    'find-version',
  );
  return row?.version ?? null;
};

export const findProgress = async (db: Queryable, { organizationId, scriptId }: ScriptKey): Promise<Progress | null> => {
  const [row] = await db.query<ProgressColumns & Row>(
    `SELECT ${progressColumns} FROM scheduled_scripts s ${joinRollout} WHERE ${one}`,
    [scriptId, organizationId],
    'find-progress',
  );
  return row ? progressFrom(row) : null;
};
