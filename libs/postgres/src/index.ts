export * from './database.js';
export * from './lease.js';
export { openDatabase } from './open-database.js';
export type { MigrationInterface, QueryRunner } from 'typeorm';
