import { fromMessage, type MessageContent, type ReadEvent } from '@scheduled-scripts/contracts';
import type { ScheduledScriptEvent, SiteExecutionEvent } from '@scheduled-scripts/domain';
import type { NewWork, Queryable } from '@scheduled-scripts/postgres';
import { dueList, rolloutList } from '../launcher.tables.js';
import { noteOutcomes, type Outcome } from './outcomes.js';
import { applyScriptEvent, workOf, type ScriptChange, type ScriptRow } from './script-row.js';

/** What a batch has brought, so that whoever waits for it can be woken after the commit. */
export interface Intake {
  readonly due: boolean;
  readonly work: boolean;
}

interface ScriptEventRead {
  readonly scriptId: string;
  readonly read: ReadEvent;
  readonly event: ScheduledScriptEvent;
}

const isScriptEvent = (event: ReadEvent['event']): event is ScheduledScriptEvent => event.type.startsWith('scheduled-script.');
const isExecutionEvent = (event: ReadEvent['event']): event is SiteExecutionEvent => event.type.startsWith('site-execution.');

const readRows = async (db: Queryable, scriptIds: readonly string[]): Promise<Map<string, ScriptRow>> => {
  const rows = await db.query<{ id: string } & { [Key in keyof ScriptRow]: ScriptRow[Key] }>(
    `SELECT script_id AS id, revision, to_char(launch_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "launchAt", sites, phase
     FROM scripts WHERE script_id = ANY($1)`,
    [scriptIds],
  );
  return new Map(rows.map(({ id, ...row }) => [id, row]));
};

const writeRows = (db: Queryable, rows: ReadonlyMap<string, ScriptRow>): Promise<unknown> =>
  db.query(
    `INSERT INTO scripts (script_id, revision, launch_at, sites, phase)
     SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::int[], $5::text[])
     ON CONFLICT (script_id) DO UPDATE
       SET revision = excluded.revision, launch_at = excluded.launch_at, sites = excluded.sites, phase = excluded.phase`,
    [
      [...rows.keys()],
      [...rows.values()].map(({ revision }) => revision),
      [...rows.values()].map(({ launchAt }) => launchAt),
      [...rows.values()].map(({ sites }) => sites),
      [...rows.values()].map(({ phase }) => phase),
    ],
  );

/** Folds the events of each script onto its row; the last change of a script says what is due, all of them what is to be done. */
const takeScripts = async (db: Queryable, events: readonly ScriptEventRead[]): Promise<Intake> => {
  if (events.length === 0) return { due: false, work: false };
  const rows = await readRows(db, [...new Set(events.map(({ scriptId }) => scriptId))]);
  const changes = new Map<string, ScriptChange>();
  const work: NewWork[] = [];
  for (const { scriptId, read, event } of events) {
    const change = applyScriptEvent(changes.get(scriptId)?.row ?? rows.get(scriptId), scriptId, read, event);
    if (!change) continue;
    changes.set(scriptId, change);
    work.push(...change.work);
  }
  if (changes.size === 0) return { due: false, work: false };
  await writeRows(db, new Map([...changes].map(([scriptId, { row }]) => [scriptId, row])));
  const due = [...changes.values()].flatMap((change) => change.due ?? []);
  for (const [scriptId, change] of changes) if (!change.due) await dueList.remove(db, scriptId);
  if (due.length > 0) await dueList.put(db, due);
  if (work.length > 0) await rolloutList.add(db, work);
  return { due: due.length > 0, work: work.length > 0 };
};

const outcomeOf = (read: ReadEvent, event: SiteExecutionEvent): Outcome[] => {
  if (event.type !== 'site-execution.completed.v1' && event.type !== 'site-execution.failed.v1') return [];
  if (event.data.kind !== 'rollout') return [];
  const { scriptId, siteId, executionId } = event.data;
  const reason = event.type === 'site-execution.failed.v1' ? event.data.reason : null;
  return [{ scriptId, siteId, executionId, revision: read.revision, reason }];
};

/**
 * Executions of one script come in over many partitions: without this, two batches that each bring one of the last two outcomes
 * would not see each other's, and neither would find the rollout ended.
 */
const lockScripts = (db: Queryable, scriptIds: readonly string[]): Promise<unknown> =>
  db.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('launcher/' || id, 0)) FROM (SELECT unnest($1::text[]) AS id ORDER BY 1) AS ordered`,
    [scriptIds],
  );

/** One batch of either topic, in the caller's transaction. Repeats, and the two topics overtaking each other, change nothing. */
export const takeIn = async (db: Queryable, messages: readonly MessageContent[]): Promise<Intake> => {
  const events = messages.map(fromMessage).filter((read) => read.kind === 'event');
  const touched = new Map(events.map((read) => [isExecutionEvent(read.event) ? read.event.data.scriptId : read.key, read]));
  await lockScripts(db, [...touched.keys()]);

  const scripts = events.flatMap((read) => (isScriptEvent(read.event) ? [{ scriptId: read.key, read, event: read.event }] : []));
  const taken = await takeScripts(db, scripts);

  const outcomes = events.flatMap((read) => (isExecutionEvent(read.event) ? outcomeOf(read, read.event) : []));
  const ended = await noteOutcomes(db, outcomes, [...touched.keys()]);
  const completions = ended.flatMap((scriptId) => {
    const read = touched.get(scriptId);
    return read ? [workOf(read, scriptId, { kind: 'complete' })] : [];
  });
  if (completions.length > 0) await rolloutList.add(db, completions);
  return { due: taken.due, work: taken.work || completions.length > 0 };
};
