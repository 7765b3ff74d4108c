export { describeEventStore, type EventStoreUnderTest } from './event-store.contract.js';
