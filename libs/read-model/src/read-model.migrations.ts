import type { MigrationInterface, QueryRunner, Queryable } from '@scheduled-scripts/postgres';
import { generations } from './generations/generations.js';
import { addPositions, createIndexes, createTables, layout, pointViewsAt } from './generations/tables.js';

const through = (runner: QueryRunner): Queryable => ({ query: (text, parameters) => runner.query(text, parameters && [...parameters]) });

class CreateReadModel1760000000000 implements MigrationInterface {
  name = 'CreateReadModel1760000000000';

  async up(runner: QueryRunner): Promise<void> {
    const db = through(runner);
    await db.query(`
      CREATE TABLE generations (
        -- Never given twice: a consumer group is named after it.
        number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        layout integer NOT NULL,
        state text NOT NULL CHECK (state IN ('building', 'live', 'retired')),
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        retired_at timestamptz
      )`);
    // Readers see one, and one at a time is built.
    await db.query(`CREATE UNIQUE INDEX one_live_one_building ON generations (state) WHERE state <> 'retired'`);
    await db.query(`INSERT INTO generations (layout, state) VALUES ($1, 'live')`, [layout]);
    await createTables(db, 1);
    await createIndexes(db, 1);
    await pointViewsAt(db, 1);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP VIEW scheduled_scripts, site_executions, script_history`);
    await runner.query(`DROP TABLE scheduled_scripts_g1, site_executions_g1, script_history_g1, script_positions_g1, generations`);
  }
}

/** A projector of the release before does not count: a script that it changes is told to streams with the next change by this one. */
class AddPositions1795500000000 implements MigrationInterface {
  name = 'AddPositions1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    const db = through(runner);
    // With the tables below them, in the order in which readers and writers go: none of them is met half-way.
    await db.query(`SET LOCAL lock_timeout = '5s'`);
    await db.query('LOCK TABLE scheduled_scripts, site_executions, script_history IN ACCESS EXCLUSIVE MODE');
    for (const { number, state } of await generations(db)) {
      await addPositions(db, number);
      if (state === 'live') await pointViewsAt(db, number);
    }
  }

  /** Not the columns: a view cannot lose one. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW live_generation, script_positions');
  }
}

/** Run by the projector, the only writer. */
export const readModelMigrations = [CreateReadModel1760000000000, AddPositions1795500000000];
