import { LeaseTable1767225600000, type MigrationInterface, type QueryRunner } from '@scheduled-scripts/postgres';

class CreateCheckpoint1767225600001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE checkpoint (name text PRIMARY KEY, position text, token bigint NOT NULL)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE checkpoint');
  }
}

export const checkpointMigrations = [LeaseTable1767225600000, CreateCheckpoint1767225600001];
