import type { MigrationInterface, QueryRunner } from '@scheduled-scripts/postgres';

class CreateIdempotencyKeys1760000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE command_api.idempotency_keys (
        organization_id text NOT NULL,
        caller text NOT NULL,
        route text NOT NULL,
        key text NOT NULL,
        request_sha256 text NOT NULL,
        reserved_id uuid NOT NULL,
        owner uuid NOT NULL,
        leased_until timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        answer jsonb,
        PRIMARY KEY (organization_id, caller, route, key)
      )`);
    await runner.query(`CREATE INDEX idempotency_keys_by_age ON command_api.idempotency_keys (created_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE command_api.idempotency_keys`);
  }
}

export const idempotencyMigrations = [CreateIdempotencyKeys1760000000002];
