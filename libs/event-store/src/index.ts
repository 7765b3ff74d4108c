export * from './event-store.js';
export type { Decided, DecidingOptions, HistoryEntry, Loaded } from './deciding/decide-on.js';
export type { EventContext } from './deciding/facts.js';
export type { Repository } from './deciding/repository.js';
export { scheduledScripts, type ScheduledScripts } from './deciding/scheduled-scripts.js';
export { scriptSummaries, type ScriptSummaries } from './deciding/script-summaries.js';
export { siteExecutions, type SiteExecutions } from './deciding/site-executions.js';
export { StreamBusy } from './deciding/stream-busy.js';
export { uuidv7 } from './uuidv7.js';
