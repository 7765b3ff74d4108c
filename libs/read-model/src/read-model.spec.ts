import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { executionLives, scriptLife } from '@scheduled-scripts/contracts/testing';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import * as fc from 'fast-check';
import { beginning, project, readModel, readModelMigrations } from './index.js';

describe('a read model', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'read_model', applicationName: 'read-model.spec' });
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('that nobody has made yet says so, until somebody has', async () => {
    const model = readModel(database);
    const missing = { code: 'read_model_missing', api: { status: 503, code: 'dependency_unavailable' } };
    await expect(model.ping()).rejects.toMatchObject(missing);
    await expect(model.find({ organizationId: 'org_a', scriptId: '0198f1c2-7f3e-7b2a-9c31-3f1d2b4a5c6d' })).rejects.toMatchObject(missing);
    await database.migrate(readModelMigrations);
    await expect(model.ping()).resolves.toBeUndefined();
  });

  it('of the release before positions gets them, and its rows stand at the beginning', async () => {
    const [world] = fc.sample(
      scriptLife()
        .chain((life) => fc.record({ life: fc.constant(life), runs: executionLives(life) }))
        .filter(({ runs }) => runs.length > 1),
      { numRuns: 1, seed: 81 },
    );
    if (!world) throw new Error('no such world');
    await database.migrate(readModelMigrations);
    const { script, steps } = world.life;
    const messages = [...steps.map(({ message }) => message), ...world.runs.flatMap((run) => run.messages)];
    await database.transaction((tx) => project(tx, 1, messages));
    await database.query(`DROP VIEW live_generation, script_positions, site_executions`);
    await database.query('DROP TABLE script_positions_g1');
    await database.query('ALTER TABLE site_executions_g1 DROP COLUMN position');
    await database.query('CREATE VIEW site_executions AS SELECT * FROM site_executions_g1');
    await database.query(`DELETE FROM migrations WHERE name LIKE 'AddPositions%'`);
    const model = readModel(database);
    await expect(model.ping()).rejects.toMatchObject({ code: 'read_model_missing' });

    await database.migrate(readModelMigrations);
    const key = { organizationId: script.organizationId, scriptId: script.id };
    expect((await model.positions([script.id])).of(script.id).position).toBe(0);
    const { items } = await model.changedExecutions({ ...key, after: beginning, rows: 1_000 });
    expect(items.map(({ position }) => position)).toEqual(world.runs.map(() => 0));
    await database.transaction((tx) => project(tx, 1, messages));
    expect((await model.positions([script.id])).of(script.id).position).toBe(0);
  });
});
