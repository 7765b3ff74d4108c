import type { ReadEvent } from '@scheduled-scripts/contracts';
import type { ScheduledScriptEvent } from '@scheduled-scripts/domain';
import type { NewWork, Queryable } from '@scheduled-scripts/postgres';
import { dueList, rolloutList } from '../launcher.tables.js';
import { applyScriptEvent, type ScriptRow } from './script-row.js';

export interface ScriptEventRead {
  readonly scriptId: string;
  readonly read: ReadEvent;
  readonly event: ScheduledScriptEvent;
}

/** Whether something may have to be launched, or done for a rollout, that was not known before. */
export interface News {
  readonly due: boolean;
  readonly work: boolean;
}

const readRows = async (db: Queryable, scriptIds: readonly string[]): Promise<Map<string, ScriptRow>> => {
  const rows = await db.query<{ id: string } & { [Key in keyof ScriptRow]: ScriptRow[Key] }>(
    `SELECT script_id AS id, revision, to_char(launch_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "launchAt", sites, phase
     FROM scripts WHERE script_id = ANY($1)`,
    [scriptIds],
  );
  return new Map(rows.map(({ id, ...row }) => [id, row]));
};

const writeRows = (db: Queryable, rows: readonly (readonly [string, ScriptRow])[]): Promise<unknown> =>
  db.query(
    `INSERT INTO scripts (script_id, revision, launch_at, sites, phase)
     SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::int[], $5::text[])
     ON CONFLICT (script_id) DO UPDATE
       SET revision = excluded.revision, launch_at = excluded.launch_at, sites = excluded.sites, phase = excluded.phase`,
    [
      rows.map(([scriptId]) => scriptId),
      rows.map(([, { revision }]) => revision),
      rows.map(([, { launchAt }]) => launchAt),
      rows.map(([, { sites }]) => sites),
      rows.map(([, { phase }]) => phase),
    ],
  );

/** Applies the events of each script to its row, its due launch and its list of work. */
export const takeScripts = async (db: Queryable, events: readonly ScriptEventRead[]): Promise<News> => {
  if (events.length === 0) return { due: false, work: false };
  const known = await readRows(db, [...new Set(events.map(({ scriptId }) => scriptId))]);
  const rows = new Map<string, ScriptRow>();
  const due = new Map<string, NewWork | null>();
  const work: NewWork[] = [];
  for (const { scriptId, read, event } of events) {
    const change = applyScriptEvent(rows.get(scriptId) ?? known.get(scriptId), scriptId, read, event);
    if (!change) continue;
    rows.set(scriptId, change.row);
    if (change.due !== undefined) due.set(scriptId, change.due);
    work.push(...change.work);
  }
  if (rows.size > 0) await writeRows(db, [...rows]);
  const launches = [...due.values()].flatMap((launch) => launch ?? []);
  for (const [scriptId, launch] of due) if (!launch) await dueList.remove(db, scriptId);
  if (launches.length > 0) await dueList.put(db, launches);
  if (work.length > 0) await rolloutList.add(db, work);
  return { due: launches.length > 0, work: work.length > 0 };
};
