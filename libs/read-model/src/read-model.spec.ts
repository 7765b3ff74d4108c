import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { readModelMigrations } from './read-model.migrations.js';
import { readModel } from './read-model.js';

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
});
