import type { ReadEvent } from '@scheduled-scripts/contracts';
import type { ScheduledScriptEvent } from '@scheduled-scripts/domain';
import type { NewWork } from '@scheduled-scripts/postgres';
import { causeOf } from '../cause.js';
import type { RolloutWork } from '../rollout/rollout-work.js';

/** What the launcher has to know of a script. */
export interface ScriptRow {
  readonly revision: number;
  readonly launchAt: string;
  readonly sites: number;
  readonly phase: 'unauthorized' | 'scheduled' | 'cancelled' | 'launched' | 'completed';
}

export interface ScriptChange {
  readonly row: ScriptRow;
  /** The due launch as it now stands; `null`: there is none. */
  readonly due: NewWork | null;
  readonly work: readonly NewWork[];
}

export const workOf = (read: ReadEvent, scriptId: string, work: RolloutWork): NewWork => ({
  id: work.kind === 'test' ? `test:${scriptId}:${work.number}` : `${work.kind}:${scriptId}`,
  lane: scriptId,
  dueAt: read.at,
  payload: { ...causeOf(read), work },
});

const later = (row: ScriptRow, event: ScheduledScriptEvent): ScriptRow => {
  switch (event.type) {
    case 'scheduled-script.created.v1':
    case 'scheduled-script.revised.v1':
      return { ...row, launchAt: event.data.launchAt, sites: event.data.sites.length, phase: 'unauthorized' };
    case 'scheduled-script.authorized.v1':
      return { ...row, phase: 'scheduled' };
    case 'scheduled-script.cancelled.v1':
      return { ...row, phase: 'cancelled' };
    case 'scheduled-script.launched.v1':
      return { ...row, phase: 'launched' };
    case 'scheduled-script.rollout-completed.v1':
      return { ...row, phase: 'completed' };
    case 'scheduled-script.authorization-requested.v1':
    case 'scheduled-script.test-requested.v1':
    case 'scheduled-script.rollout-aborted.v1':
      return row;
    default:
      return event satisfies never;
  }
};

const workAfter = (read: ReadEvent, scriptId: string, event: ScheduledScriptEvent): readonly NewWork[] => {
  if (event.type === 'scheduled-script.launched.v1') return [workOf(read, scriptId, { kind: 'request' })];
  if (event.type === 'scheduled-script.rollout-aborted.v1') return [workOf(read, scriptId, { kind: 'abort' })];
  if (event.type !== 'scheduled-script.test-requested.v1') return [];
  return [workOf(read, scriptId, { kind: 'test', number: event.data.number, revision: read.revision })];
};

const fresh: ScriptRow = { revision: -1, launchAt: '', sites: 0, phase: 'unauthorized' };

/** A repeat, known by its revision, changes nothing: `null`. */
export const applyScriptEvent = (
  row: ScriptRow | undefined,
  scriptId: string,
  read: ReadEvent,
  event: ScheduledScriptEvent,
): ScriptChange | null => {
  if (row && read.revision <= row.revision) return null;
  const next = { ...later(row ?? fresh, event), revision: read.revision };
  const due = next.phase === 'scheduled' ? { id: scriptId, lane: null, dueAt: next.launchAt, payload: causeOf(read) } : null;
  return { row: next, due, work: workAfter(read, scriptId, event) };
};
