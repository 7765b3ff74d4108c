export { openEventStore, type EventStoreOptions } from './open-event-store.js';
