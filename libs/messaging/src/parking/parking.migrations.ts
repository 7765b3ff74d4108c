import type { MigrationInterface, QueryRunner } from '@scheduled-scripts/postgres';

class CreateParking1761800000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE parked_keys (
        group_name text NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        reason text NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (group_name, topic, key)
      );
      CREATE TABLE parked_messages (
        group_name text NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        place bigint GENERATED ALWAYS AS IDENTITY,
        id text NOT NULL,
        partition integer NOT NULL,
        message_offset text NOT NULL,
        headers text NOT NULL,
        value text NOT NULL,
        PRIMARY KEY (group_name, topic, key, place),
        UNIQUE (group_name, topic, key, id),
        FOREIGN KEY (group_name, topic, key) REFERENCES parked_keys ON DELETE CASCADE
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE parked_messages, parked_keys');
  }
}

/** The tables of parked messages, for the schema of the consumer that parks. */
export const parkingMigrations = [CreateParking1761800000001];
