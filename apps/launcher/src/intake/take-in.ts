import { fromMessage, type MessageContent, type ReadEvent } from '@scheduled-scripts/contracts';
import type { ScheduledScriptEvent, SiteExecutionEvent } from '@scheduled-scripts/domain';
import type { Queryable } from '@scheduled-scripts/postgres';
import { rolloutList } from '../launcher.tables.js';
import { endedAmong, noteOutcomes, outcomeOf, type Outcome } from './outcomes.js';
import { workOf } from './script-row.js';
import { takeScripts, type News, type ScriptEventRead } from './scripts.js';

export interface Intake extends News {
  /** Events of types that this release does not know. */
  readonly unknown: number;
}

const isScriptEvent = (event: ReadEvent['event']): event is ScheduledScriptEvent => event.type.startsWith('scheduled-script.');
const isExecutionEvent = (event: ReadEvent['event']): event is SiteExecutionEvent => event.type.startsWith('site-execution.');

/**
 * Executions of one script come in over many partitions: without this, two batches that each bring one of the last two outcomes
 * would not see each other's, and neither would find the rollout ended.
 */
const lockRollouts = (db: Queryable, scriptIds: readonly string[]): Promise<unknown> =>
  db.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('launcher/' || id, 0)) FROM (SELECT unnest($1::text[]) AS id ORDER BY 1) AS ordered`,
    [scriptIds],
  );

/** One batch of either topic, in the caller's transaction. Repeats, and the two topics overtaking each other, change nothing. */
export const takeIn = async (db: Queryable, messages: readonly MessageContent[]): Promise<Intake> => {
  const scripts: ScriptEventRead[] = [];
  const outcomes: Outcome[] = [];
  /** The rollouts that this batch may end, each with the message that says so. */
  const touched = new Map<string, ReadEvent>();
  let unknown = 0;
  for (const read of messages.map(fromMessage)) {
    if (read.kind === 'unknown') {
      unknown += 1;
    } else if (isScriptEvent(read.event)) {
      scripts.push({ scriptId: read.key, read, event: read.event });
      // All outcomes may have come before it.
      if (read.event.type === 'scheduled-script.launched.v1') touched.set(read.key, read);
    } else if (isExecutionEvent(read.event)) {
      const outcome = outcomeOf(read, read.event);
      if (!outcome) continue;
      outcomes.push(outcome);
      touched.set(outcome.scriptId, read);
    }
  }

  if (touched.size > 0) await lockRollouts(db, [...touched.keys()]);
  const news = await takeScripts(db, scripts);
  if (outcomes.length > 0) await noteOutcomes(db, outcomes);
  const ended = touched.size > 0 ? await endedAmong(db, [...touched.keys()]) : [];
  const completions = ended.flatMap((scriptId) => {
    const read = touched.get(scriptId);
    return read ? [workOf(read, scriptId, { kind: 'complete' })] : [];
  });
  if (completions.length > 0) await rolloutList.add(db, completions);
  return { due: news.due, work: news.work || completions.length > 0, unknown };
};
