export { executionLives, type ExecutionLife } from './execution-life.js';
export { idOf, Recorder } from './recorder.js';
export { scriptLife, siteIds, type LifeOptions, type ScriptLife } from './script-life.js';
export * from './route-differences.js';
