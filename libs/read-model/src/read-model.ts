import type { Progress, ScheduledScriptView, SiteExecutionView } from '@scheduled-scripts/contracts';
import type { Database } from '@scheduled-scripts/postgres';
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
  /** Calls `wake` when rows may have changed: a hint, beside which one still has to look from time to time. */
  onChange(wake: () => void): Promise<{ stop(): Promise<void> }>;
  /** Rejects while readers would find nothing to read from. For readiness. */
  ping(): Promise<void>;
}

const channel = 'read_model_changed';

/** To be called by the projector after its transaction. */
export const announceChange = (database: Database): void => database.notify(channel);

export const readModel = (database: Database): ReadModel => ({
  list: (query) => listScheduledScripts(database, query),
  find: (key) => findScheduledScript(database, key),
  version: (key) => findVersion(database, key),
  progress: (key) => findProgress(database, key),
  executions: (query) => listExecutions(database, query),
  execution: (key) => findExecution(database, key),
  history: (query) => listHistory(database, query),
  onChange: (wake) => database.listen(channel, wake),
  ping: async () => {
    await database.query('SELECT FROM scheduled_scripts LIMIT 0');
  },
});
