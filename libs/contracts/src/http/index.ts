// What the read side needs of the domain's vocabulary comes through here: it may not import the domain itself.
export { progressOf } from '@scheduled-scripts/domain';
export type { BackupTaken, ExecutionState, FailureReason, Progress, ScriptStatus, Timestamp } from '@scheduled-scripts/domain';
export * from './entity-tag.js';
export * from './header.requests.js';
export type * from './history.resource.js';
export * from './identifiers.js';
export * from './limits.js';
export * from './problem.js';
export * from './query.requests.js';
export * from './scheduled-script.requests.js';
export * from './scheduled-script.resource.js';
export * from './scopes.js';
export * from './site-check.resource.js';
export * from './site-execution.resource.js';
export * from './site.requests.js';
export * from './t-minus.js';
export { parseTimestamp } from './timestamp-input.js';
