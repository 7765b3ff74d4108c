import type { MigrationInterface, QueryRunner } from '@scheduled-scripts/postgres';

/** `json`, not `jsonb`: an event is given back as it was stored, and its text may hold an escaped NUL. */
const tables = `
  CREATE TABLE head (single boolean PRIMARY KEY DEFAULT true CHECK (single), position bigint NOT NULL);
  INSERT INTO head (position) VALUES (0);
  CREATE TABLE event (
    position bigint PRIMARY KEY,
    stream text COLLATE "C" NOT NULL,
    revision int NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    data json NOT NULL,
    metadata json NOT NULL,
    UNIQUE (stream, revision)
  );
  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'events are only ever added'; END $$;
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;

/**
 * One flush; an element of each array for each event: stream, expected revision of its append, its number in the append from 1, id,
 * type, data, metadata. The counter comes first and stays locked until the commit: writers of all processes take turns, positions have
 * no gaps and become visible in their order, and the later statements, which have snapshots of their own, read what stands.
 * Answers the last revision that each stream had, and whether the event now stands at its place; NULL says that all do. An append that
 * is repeated finds its own events there.
 *
 * Planned once a session, because to plan each call takes longer than a small flush does. The plan may be made while the table is empty,
 * and must not be one that reads all of it.
 */
const append = `
  CREATE FUNCTION append(text[], int[], int[], uuid[], text[], json[], json[])
  RETURNS TABLE (actual int[], stored boolean[]) LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
  DECLARE
    last bigint;
    added int;
  BEGIN
    UPDATE head SET position = position + cardinality($1) RETURNING position - cardinality($1) INTO last;
    actual := ARRAY(
      SELECT coalesce((SELECT revision FROM event WHERE event.stream = new.stream ORDER BY revision DESC LIMIT 1), -1)
      FROM unnest($1) AS new (stream)
    );
    IF actual = $2 THEN
      INSERT INTO event (position, stream, revision, id, type, data, metadata)
        SELECT last + place, stream, expected + number, id, type, data, metadata
        FROM unnest($1, $2, $3, $4, $5, $6, $7) WITH ORDINALITY AS new (stream, expected, number, id, type, data, metadata, place);
    ELSE
      INSERT INTO event (position, stream, revision, id, type, data, metadata)
        SELECT last + row_number() OVER (ORDER BY place), stream, expected + number, id, type, data, metadata
        FROM unnest($1, $2, $3, $4, $5, $6, $7, actual) WITH ORDINALITY
          AS new (stream, expected, number, id, type, data, metadata, found, place)
        WHERE new.found = expected;
      GET DIAGNOSTICS added = ROW_COUNT;
      UPDATE head SET position = last + added;
      stored := ARRAY(
        SELECT EXISTS (SELECT FROM event WHERE event.stream = new.stream AND revision = expected + number AND event.id = new.id)
        FROM unnest($1, $2, $3, $4) AS new (stream, expected, number, id)
      );
    END IF;
    RETURN NEXT;
  END $$;`;

export class EventTables1767225600001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(append);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION append; DROP TABLE event; DROP FUNCTION refuse_change; DROP TABLE head');
  }
}
