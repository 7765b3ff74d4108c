import type { MigrationInterface, QueryRunner } from '@scheduled-scripts/postgres';

class CreateSites1760000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE SCHEMA IF NOT EXISTS site_directory`);
    // The key is a pair: ids may be given by callers, and one organization must not learn which ids another has.
    await runner.query(`
      CREATE TABLE site_directory.sites (
        organization_id text NOT NULL,
        id text COLLATE "C" NOT NULL CHECK (id ~ '^site_[0-9A-Za-z]{16,32}$'),
        name text NOT NULL,
        host text NOT NULL,
        port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
        tls text NOT NULL CHECK (tls IN ('verify', 'pin', 'none')),
        tls_fingerprint text CHECK (tls_fingerprint ~ '^[0-9a-f]{64}$'),
        username text NOT NULL,
        serial text,
        password_sealed bytea NOT NULL,
        password_key_id text NOT NULL,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (organization_id, id),
        CONSTRAINT pin_has_fingerprint CHECK ((tls = 'pin') = (tls_fingerprint IS NOT NULL))
      )`);
    await runner.query(`
      CREATE TABLE site_directory.site_uses (
        organization_id text NOT NULL,
        site_id text COLLATE "C" NOT NULL,
        script_id uuid NOT NULL,
        reserved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (organization_id, site_id, script_id)
      )`);
    await runner.query(`CREATE INDEX site_uses_by_script ON site_directory.site_uses (organization_id, script_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE site_directory.site_uses, site_directory.sites`);
  }
}

class KeepSerialsApart1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Twins of before stay as they are, the oldest one as the holder: a migration that fails at somebody's data fails at night.
    await runner.query(`ALTER TABLE site_directory.sites ADD COLUMN holds_serial boolean NOT NULL DEFAULT true`);
    await runner.query(`
      UPDATE site_directory.sites SET holds_serial = false WHERE EXISTS (
        SELECT FROM site_directory.sites AS older
         WHERE older.organization_id = sites.organization_id AND older.serial = sites.serial
           AND (older.created_at, older.id) < (sites.created_at, sites.id))`);
    await runner.query(
      `CREATE UNIQUE INDEX sites_serial ON site_directory.sites (organization_id, serial) WHERE serial IS NOT NULL AND holds_serial`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX site_directory.sites_serial`);
    await runner.query(`ALTER TABLE site_directory.sites DROP COLUMN holds_serial`);
  }
}

class KeepOpenChanges1796000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE site_directory.open_changes (
        organization_id text NOT NULL,
        script_id uuid NOT NULL,
        change uuid NOT NULL,
        reserved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (organization_id, script_id, change)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE site_directory.open_changes`);
  }
}

/** Run by command-api, the only writer. */
export const siteDirectoryMigrations = [CreateSites1760000000000, KeepSerialsApart1764000000000, KeepOpenChanges1796000000000];
