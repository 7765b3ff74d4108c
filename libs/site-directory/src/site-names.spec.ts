import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { siteDirectoryMigrations, siteNames } from './index.js';

const ids = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `site_${String(index + 1).padStart(16, '0')}`);

describe('the names of sites', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'site_directory', applicationName: 'site-names.spec' });
    await database.migrate(siteDirectoryMigrations);
    for (const organization of ['org_a', 'org_b']) {
      await database.query(
        `INSERT INTO site_directory.sites (organization_id, id, name, host, port, tls, username, password_sealed, password_key_id)
         SELECT $1, id, $1 || ' router-' || place, '10.0.0.1', 8729, 'verify', 'runner', '', 'k1'
           FROM unnest($2::text[]) WITH ORDINALITY AS asked (id, place)`,
        [organization, ids(10_000)],
      );
    }
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('are those of one organization, and of the sites that are there', async () => {
    const [first = '', second = ''] = ids(2);
    const names = await siteNames(database, 'org_b', [second, 'site_gone000000000000', first, first]);
    expect(names).toEqual(
      new Map([
        [first, 'org_b router-1'],
        [second, 'org_b router-2'],
      ]),
    );
    expect((await siteNames(database, 'org_c', [first])).size).toBe(0);
    expect((await siteNames(database, 'org_a', [])).size).toBe(0);
  });

  it('come for all sites of a script at once, and for no more', async () => {
    const names = await siteNames(database, 'org_a', ids(10_000));
    expect(names.size).toBe(10_000);
    expect(names.get('site_0000000000010000')).toBe('org_a router-10000');
    await expect(siteNames(database, 'org_a', ids(10_001))).rejects.toThrow(RangeError);
  });
});
