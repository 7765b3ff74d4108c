import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scriptLife } from '@scheduled-scripts/contracts/testing';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import * as fc from 'fast-check';
import { beginGeneration, goLive, project, readModel, readModelMigrations } from './index.js';

const secret = randomBytes(6).toString('hex');
const reader = `reader_${secret}`;
const [life] = fc.sample(scriptLife(), { numRuns: 1, seed: 61 });
const messages = life?.steps.map(({ message }) => message) ?? [];
const key = { organizationId: 'org_a', scriptId: life?.script.id ?? '' };

describe('a role that may only read the views', () => {
  let test: TestDatabase;
  let owner: Database;
  let theirs: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    owner = await openDatabase({ url: test.url, schema: 'read_model', applicationName: 'grants.spec' });
    await owner.migrate(readModelMigrations);
    await owner.query(`CREATE ROLE ${reader} LOGIN PASSWORD '${secret}'`);
    await owner.query(`GRANT USAGE ON SCHEMA read_model TO ${reader}`);
    await owner.query(`GRANT SELECT ON scheduled_scripts, site_executions, script_history, script_positions, live_generation TO ${reader}`);
    await owner.transaction((tx) => project(tx, 1, messages));
    const url = new URL(test.url);
    [url.username, url.password] = [reader, secret];
    theirs = await openDatabase({ url: url.href, schema: 'read_model', applicationName: 'grants.spec' });
  });

  afterAll(async () => {
    await theirs.close();
    await owner.query(`DROP OWNED BY ${reader}`);
    await owner.query(`DROP ROLE ${reader}`);
    await owner.close();
    await test.drop();
  });

  it('reads on from whatever generation becomes live, and changes nothing', async () => {
    const model = readModel(theirs);
    const before = await model.find(key);
    expect(before?.id).toBe(key.scriptId);
    const { number } = await beginGeneration(owner);
    await owner.transaction((tx) => project(tx, number, messages));
    await goLive(owner, number, () => Promise.resolve());
    expect(await model.find(key)).toEqual(before);
    expect((await model.executions({ ...key, size: { rows: 1, bytes: 1 } })).more).toBe(false);
    expect((await model.history({ ...key, size: { rows: 1_000, bytes: 8_388_608 } })).items).toHaveLength(messages.length);
    await model.ping();
    for (const statement of ['DELETE FROM scheduled_scripts', `DELETE FROM scheduled_scripts_g${number}`, 'SELECT FROM generations']) {
      await expect(theirs.query(statement)).rejects.toThrow('permission denied');
    }
  });
});
