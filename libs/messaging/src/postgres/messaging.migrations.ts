import type { MigrationInterface, QueryRunner } from '@scheduled-scripts/postgres';

/**
 * One call, and so one statement: a publisher that is paused in its midst would otherwise leave the partitions locked. They are locked
 * in the order of their ids, so that two publishers cannot wait for each other, and until the commit, so that offsets have no gaps
 * and nothing appears below one that a reader has seen. Each statement of the body sees what stands once the locks are held.
 */
const publish = `
  CREATE FUNCTION publish(partition_ids integer[], ids text[], keys text[], headers text[], contents text[])
  RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM partitions WHERE id = ANY (partition_ids) ORDER BY id FOR UPDATE;
    INSERT INTO messages (partition_id, message_offset, id, key, headers, value)
      SELECT partition_id, next_offset + row_number() OVER (PARTITION BY partition_id ORDER BY nth) - 1, m.id, m.key, m.headers, m.content
      FROM unnest(partition_ids, ids, keys, publish.headers, contents) WITH ORDINALITY AS m (partition_id, id, key, headers, content, nth)
      JOIN partitions ON partitions.id = partition_id;
    UPDATE partitions SET next_offset = next_offset + added.count
      FROM (SELECT partition_id, count(*) FROM unnest(partition_ids) AS partition_id GROUP BY partition_id) AS added
      WHERE partitions.id = added.partition_id;
  END $$`;

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
    await runner.query(publish);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION publish; DROP TABLE claims, members, messages, partitions, topics');
  }
}

export const messagingMigrations = [CreateMessaging1761800000000];
