export { startFleet, type Fleet, type FleetDescription, type FleetOptions } from './fleet/fleet.js';
export { FolderInUse } from './fleet/folder-claim.js';
export { startRouter, type RouterDescription, type RouterOptions, type RunningRouter } from './fleet/running-router.js';
export type { FaultEffect, FaultRule, Faults, FaultsInput } from './faults/fault-schema.js';
export type { DeviceProfile } from './router/device-profile.js';
export type { JournalEntry, JournalRecord } from './router/journal.js';
export type { TlsFiles } from './session/sessions.js';
