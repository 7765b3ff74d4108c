import type { MigrationInterface, QueryRunner } from '@scheduled-scripts/postgres';

class CreateMessaging1761800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE topics (
        name text PRIMARY KEY,
        partitions integer NOT NULL CHECK (partitions > 0)
      );
      CREATE TABLE partitions (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL REFERENCES topics,
        number integer NOT NULL,
        next_offset bigint NOT NULL DEFAULT 0,
        UNIQUE (topic, number)
      ) WITH (fillfactor = 50);
      -- Headers and value are text: jsonb refuses characters that JSON allows, and nobody here looks inside.
      CREATE TABLE messages (
        partition_id integer NOT NULL,
        message_offset bigint NOT NULL,
        id text NOT NULL,
        key text NOT NULL,
        headers text NOT NULL,
        value text NOT NULL,
        PRIMARY KEY (partition_id, message_offset)
      );
      CREATE TABLE members (
        group_name text NOT NULL,
        member uuid NOT NULL,
        topics text[] NOT NULL,
        stalled boolean NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (group_name, member)
      ) WITH (fillfactor = 50);
      CREATE TABLE claims (
        group_name text NOT NULL,
        partition_id integer NOT NULL REFERENCES partitions,
        next_offset bigint NOT NULL,
        owner uuid,
        generation bigint NOT NULL DEFAULT 0,
        expires_at timestamptz,
        PRIMARY KEY (group_name, partition_id)
      ) WITH (fillfactor = 50);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE claims, members, messages, partitions, topics');
  }
}

export const messagingMigrations = [CreateMessaging1761800000000];
