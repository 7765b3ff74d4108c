import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { intArray, jsonArray, textArray, uuidArray } from './binary-arrays.js';
import type { Database } from './database.js';
import { openDatabase } from './open-database.js';
import { createTestDatabase, type TestDatabase } from './testing/index.js';

describe('arrays in binary form', () => {
  let server: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase({ url: server.url, schema: 'arrays', applicationName: 'spec' });
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '\\'));

  it('arrive as they were', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1 }),
        fc.array(fc.integer(), { minLength: 1 }),
        fc.array(fc.uuid(), { minLength: 1 }),
        fc.array(fc.dictionary(fc.string({ unit: 'binary' }), text), { minLength: 1 }),
        async (texts, numbers, ids, objects) => {
          const values = objects.map((object) => JSON.stringify(object));
          const [row] = await database.query(
            'SELECT $1::text[] AS texts, $2::int[] AS numbers, $3::uuid[] AS ids, $4::json[]::text[] AS values',
            [textArray(texts), intArray(numbers), uuidArray(ids), jsonArray(values)],
            'echo',
          );
          expect(row).toEqual({ texts, numbers, ids: ids.map((id) => id.toLowerCase()), values });
        },
      ),
      { numRuns: 200 },
    );
  });
});
