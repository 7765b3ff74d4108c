import { problem, type Progress, type ScheduledScriptView, type SiteExecutionView } from '@scheduled-scripts/contracts';
import { isMissingTable, type Database, type Queryable } from '@scheduled-scripts/postgres';
import {
  findChangedExecutions,
  findPositions,
  type ChangedExecutions,
  type ChangedExecutionsQuery,
  type ScriptPositions,
} from './queries/find-changes.js';
import { findProgress, findScheduledScript, findVersion, type ScriptKey } from './queries/find-scheduled-script.js';
import { findExecution, listExecutions, type ExecutionListQuery, type ListedExecution } from './queries/list-executions.js';
import { listHistory, type HistoryQuery, type ListedEntry } from './queries/list-history.js';
import { listScheduledScripts, type ScriptListQuery } from './queries/list-scheduled-scripts.js';
import type { Page } from './queries/page.js';

/** What readers may ask. Everything is of one organization: what belongs to another is not there. */
export interface ReadModel {
  list(query: ScriptListQuery): Promise<Page<ScheduledScriptView>>;
  find(key: ScriptKey): Promise<ScheduledScriptView | null>;
  /** The version of the script that a reader would see now; null while there is none. */
  version(key: ScriptKey): Promise<number | null>;
  progress(key: ScriptKey): Promise<Progress | null>;
  executions(query: ExecutionListQuery): Promise<Page<ListedExecution>>;
  execution(key: ScriptKey & { readonly executionId: string }): Promise<SiteExecutionView | null>;
  history(query: HistoryQuery): Promise<Page<ListedEntry>>;
  /** For whoever follows scripts: one question for all of them. It sees positions of any organization, and nothing else of a script. */
  positions(scriptIds: readonly string[]): Promise<ScriptPositions>;
  changedExecutions(query: ChangedExecutionsQuery): Promise<ChangedExecutions>;
  /** Calls `wake` when rows may have changed: a hint, beside which one still has to look from time to time. */
  onChange(wake: () => void): Promise<{ stop(): Promise<void> }>;
  /** Rejects while readers would find nothing to read from. For readiness. */
  ping(): Promise<void>;
}

const channel = 'read_model_changed';

/** To be called by the projector after its transaction. */
export const announceChange = (database: Database): void => database.notify(channel);

/** The projector has not made the tables yet. */
export class ReadModelMissing extends Error {
  readonly code = 'read_model_missing';
  readonly api = problem('dependency_unavailable', { headers: { 'Retry-After': '5' } });
  constructor() {
    super('there is no read model yet: the projector makes it');
    this.name = 'ReadModelMissing';
  }
}

const rowsOf = (database: Database): Queryable => ({
  query: async (text, parameters, name) => {
    try {
      return await database.query(text, parameters, name);
    } catch (error) {
      throw isMissingTable(error) ? new ReadModelMissing() : error;
    }
  },
});

export const readModel = (database: Database): ReadModel => {
  const rows = rowsOf(database);
  return {
    list: (query) => listScheduledScripts(rows, query),
    find: (key) => findScheduledScript(rows, key),
    version: (key) => findVersion(rows, key),
    progress: (key) => findProgress(rows, key),
    executions: (query) => listExecutions(rows, query),
    execution: (key) => findExecution(rows, key),
    history: (query) => listHistory(rows, query),
    positions: (scriptIds) => findPositions(rows, scriptIds),
    changedExecutions: (query) => findChangedExecutions(rows, query),
    onChange: (wake) => database.listen(channel, wake),
    ping: async () => {
      // What was added last.
      await rows.query('SELECT FROM live_generation, script_positions LIMIT 0');
    },
  };
};
