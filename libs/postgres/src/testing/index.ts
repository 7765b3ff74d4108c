export { createTestDatabase, type TestDatabase } from './test-database.js';
export { until } from './until.js';
export { outageFor, type Outage } from './outage.js';
