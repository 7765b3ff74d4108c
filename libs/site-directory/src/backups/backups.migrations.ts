import type { MigrationInterface, QueryRunner } from '@scheduled-scripts/postgres';

class CreateBackups1760000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE SCHEMA IF NOT EXISTS site_backups`);
    // The hash is part of the key: who lost an execution to another owner may still store what it took, and must overwrite nothing.
    await runner.query(`
      CREATE TABLE site_backups.backups (
        execution_id uuid NOT NULL,
        sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
        organization_id text NOT NULL,
        site_id text NOT NULL,
        text_gzip bytea NOT NULL,
        taken_at timestamptz NOT NULL,
        PRIMARY KEY (execution_id, sha256)
      )`);
    // It is compressed already.
    await runner.query(`ALTER TABLE site_backups.backups ALTER COLUMN text_gzip SET STORAGE EXTERNAL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE site_backups.backups`);
  }
}

/** Run by device-executor, the only writer. */
export const backupMigrations = [CreateBackups1760000000001];
