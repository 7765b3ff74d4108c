export * from './database.js';
export * from './lease.js';
export { migrateSchema, openDatabase } from './open-database.js';
export type { MigrationInterface, QueryRunner } from 'typeorm';
export { acquireLease, LeaseTable1767225600000 } from './acquire-lease.js';
export { processOwner } from './process-owner.js';
export { isMissingTable } from './unavailable.js';
export * from './work-list.js';
export * from './work-loop.js';
