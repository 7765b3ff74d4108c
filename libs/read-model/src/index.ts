export {
  beginGeneration,
  generationChannel,
  GenerationRetired,
  generations,
  goLive,
  liveGeneration,
  prepareForReaders,
  resumeRetired,
  type Generation,
} from './generations/generations.js';
export { layout } from './generations/tables.js';
export { project, type Projected } from './projection/project.js';
export { BeginningMissing } from './projection/scheduled-script.fold.js';
export {
  beginning,
  type ChangedExecutions,
  type ChangedExecutionsQuery,
  type ChangePlace,
  type ScriptPosition,
  type ScriptPositions,
} from './queries/find-changes.js';
export type { ScriptKey } from './queries/find-scheduled-script.js';
export type { ExecutionListQuery, ExecutionPlace, ListedExecution } from './queries/list-executions.js';
export type { HistoryPlace, HistoryQuery, ListedEntry } from './queries/list-history.js';
export type { ScriptListQuery } from './queries/list-scheduled-scripts.js';
export type { Page, PageSize } from './queries/page.js';
export { announceChange, readModel, ReadModelMissing, type ReadModel } from './read-model.js';
export { readModelMigrations } from './read-model.migrations.js';
