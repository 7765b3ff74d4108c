import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { executionLives, scriptLife } from '@scheduled-scripts/contracts/testing';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import * as fc from 'fast-check';
import { project, readModel, readModelMigrations, type ExecutionPlace, type HistoryPlace, type ReadModel } from '../index.js';

/** A launched script with tests and a summary, and its executions. */
const sample = () => {
  const worlds = scriptLife({ maximumSites: 9 }).chain((life) => fc.record({ life: fc.constant(life), executions: executionLives(life) }));
  const rich = worlds.filter(({ life, executions }) => life.script.status === 'launched' && life.tests.length > 1 && executions.length > 8);
  const [world] = fc.sample(rich, { numRuns: 1, seed: 11 });
  if (!world) throw new Error('no such world');
  return world;
};

describe('lists below a script', () => {
  const { life, executions } = sample();
  const key = { organizationId: life.script.organizationId, scriptId: life.script.id };
  const all = { rows: 1_000, bytes: 8_388_608 };
  let test: TestDatabase;
  let database: Database;
  let model: ReadModel;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'read_model', applicationName: 'below.spec' });
    await database.migrate(readModelMigrations);
    await database.transaction((tx) =>
      project(tx, 1, [...life.steps.map(({ message }) => message), ...executions.flatMap((run) => run.messages)]),
    );
    model = readModel(database);
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('walks the executions once, site by site', async () => {
    const seen: string[] = [];
    let after: ExecutionPlace | undefined;
    for (let more = true; more;) {
      const page = await model.executions({ ...key, after, size: { rows: 2, bytes: 1 } });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      after = page.items.at(-1);
      ({ more } = page);
    }
    const { items } = await model.executions({ ...key, size: all });
    expect(seen).toEqual(items.map(({ id }) => id));
    expect([...seen].sort()).toEqual(executions.map(({ execution }) => execution.executionId).sort());
    const places = items.map(({ siteId, requestedAt }) => `${siteId} ${requestedAt}`);
    expect(places).toEqual([...places].sort());
  });

  it('walks the history once, oldest first, ending pages by rows and by bytes', async () => {
    const { items } = await model.history({ ...key, size: all });
    const walk = async (size: { readonly rows: number; readonly bytes: number }) => {
      const seen: HistoryPlace[] = [];
      for (let more = true; more;) {
        const page = await model.history({ ...key, after: seen.at(-1), size });
        seen.push(...page.items.map(({ place }) => place));
        ({ more } = page);
      }
      return seen;
    };
    const places = items.map(({ place }) => place);
    expect(await walk({ rows: 3, bytes: 8_388_608 })).toEqual(places);
    expect(await walk({ rows: 1_000, bytes: 1 })).toEqual(places);
    expect(items[0]?.type).toBe('scheduled-script.created.v1');
    expect(places.map(({ shownAt }) => shownAt)).toEqual(places.map(({ shownAt }) => shownAt).sort());
  });

  it('finds one execution by its script only', async () => {
    const [one] = executions;
    const executionId = one?.execution.executionId ?? '';
    expect(await model.execution({ ...key, executionId })).toMatchObject({ id: executionId, siteId: one?.execution.siteId });
    expect(await model.execution({ ...key, scriptId: executionId, executionId })).toBeNull();
    expect(await model.execution({ ...key, organizationId: 'org_b', executionId })).toBeNull();
  });
});
