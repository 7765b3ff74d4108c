export { describeEventStore } from './event-store.contract.js';
export type { EventStoreUnderTest } from './subject.js';
