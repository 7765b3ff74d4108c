export { openKurrentEventStore, type KurrentEventStoreOptions } from './kurrent.event-store.js';
