export { executionLives, type ExecutionLife } from './execution-life.js';
export { operationsContract } from './operations.contract.js';
export { idOf, Recorder } from './recorder.js';
export type { Route } from './route-differences.js';
export { scriptLife, siteIds, type LifeOptions, type ScriptLife } from './script-life.js';
