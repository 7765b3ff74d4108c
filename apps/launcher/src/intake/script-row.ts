import { causeOf, type ReadEvent } from '@scheduled-scripts/contracts';
import type { ScheduledScriptEvent } from '@scheduled-scripts/domain';
import type { NewWork } from '@scheduled-scripts/postgres';
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
  /** The due launch from now on, `null` for none; absent: as it was. A row that is put again is taken from whoever waits for its instant. */
  readonly due?: NewWork | null;
  readonly work: readonly NewWork[];
}

/** Ids are derived, so that a message that comes again adds nothing. */
export const workOf = (read: ReadEvent, scriptId: string, work: RolloutWork): NewWork => ({
  id: work.kind === 'test' ? `test:${scriptId}:${work.number}` : `${work.kind}:${scriptId}`,
  lane: scriptId,
  dueAt: read.at,
  payload: { ...causeOf(read), work },
});

const created = (read: ReadEvent, event: ScheduledScriptEvent): ScriptChange => {
  // The key's order is kept, so this is a message that was lost: it has to be looked at before anything is launched.
  if (event.type !== 'scheduled-script.created.v1') throw new Error(`${event.type} of a script whose creation is not known`);
  const { launchAt, sites } = event.data;
  return { row: { revision: read.revision, launchAt, sites: sites.length, phase: 'unauthorized' }, work: [] };
};

const changed = (before: ScriptRow, scriptId: string, read: ReadEvent, event: ScheduledScriptEvent): ScriptChange => {
  const row = { ...before, revision: read.revision };
  switch (event.type) {
    case 'scheduled-script.revised.v1': {
      const { launchAt, sites } = event.data;
      return { row: { ...row, launchAt, sites: sites.length, phase: 'unauthorized' }, due: null, work: [] };
    }
    case 'scheduled-script.authorized.v1': {
      const due = { id: scriptId, lane: null, dueAt: row.launchAt, payload: causeOf(read) };
      return { row: { ...row, phase: 'scheduled' }, due, work: [] };
    }
    case 'scheduled-script.cancelled.v1':
      return { row: { ...row, phase: 'cancelled' }, due: null, work: [] };
    case 'scheduled-script.launched.v1':
      return { row: { ...row, phase: 'launched' }, due: null, work: [workOf(read, scriptId, { kind: 'request' })] };
    case 'scheduled-script.rollout-completed.v1':
      return { row: { ...row, phase: 'completed' }, work: [] };
    case 'scheduled-script.test-requested.v1': {
      const { number } = event.data;
      return { row, work: [workOf(read, scriptId, { kind: 'test', number, revision: read.revision })] };
    }
    case 'scheduled-script.rollout-aborted.v1':
      return { row, work: [workOf(read, scriptId, { kind: 'abort' })] };
    case 'scheduled-script.created.v1':
    case 'scheduled-script.authorization-requested.v1':
      return { row, work: [] };
    default:
      return event satisfies never;
  }
};

/** What a script's next event changes; `null` for a repeat, which is known by its revision. */
export const applyScriptEvent = (
  row: ScriptRow | undefined,
  scriptId: string,
  read: ReadEvent,
  event: ScheduledScriptEvent,
): ScriptChange | null => {
  if (!row) return created(read, event);
  return read.revision <= row.revision ? null : changed(row, scriptId, read, event);
};
