import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { openCredentials, openSiteDirectory, parseKeyRing, reencryptCredentials, siteDirectoryMigrations } from '../index.js';

const [oldKey, newKey] = [`2025:${randomBytes(32).toString('base64')}`, `2026:${randomBytes(32).toString('base64')}`];

describe('stored credentials', () => {
  let test: TestDatabase;
  let database: Database;
  const siteIds: string[] = [];

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'site_directory', applicationName: 'credentials.spec' });
    await database.migrate(siteDirectoryMigrations);
    const directory = openSiteDirectory({ database, keyRing: parseKeyRing(oldKey), allowLoopback: false });
    const router = { host: '10.0.0.1', port: 8728, tls: 'none', tlsFingerprint: null, username: 'runner', serial: null } as const;
    for (let index = 0; index < 5; index += 1) {
      siteIds.push((await directory.create('org_a', { ...router, name: `Depot ${index}`, password: `password ${index}` })).id);
    }
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const passwords = (ring: string) =>
    Promise.all(
      siteIds.map(async (siteId) => {
        const opened = await openCredentials(database, parseKeyRing(ring), { organizationId: 'org_a', siteId });
        return opened?.password;
      }),
    );
  const expected = [0, 1, 2, 3, 4].map((index) => `password ${index}`);

  it('are moved to a new key, and open without the old one afterwards', async () => {
    expect(await passwords(`${newKey},${oldKey}`)).toEqual(expected);
    await expect(passwords(newKey)).rejects.toMatchObject({ code: 'credentials_unreadable' });
    expect(await reencryptCredentials(database, parseKeyRing(`${newKey},${oldKey}`), 2)).toBe(5);
    expect(await passwords(newKey)).toEqual(expected);
    expect(await reencryptCredentials(database, parseKeyRing(newKey), 2)).toBe(0);
    expect(await database.query('SELECT DISTINCT version, password_key_id FROM sites')).toEqual([{ version: 1, password_key_id: '2026' }]);
  });

  it('do not open in a row that was copied to another site', async () => {
    const [from, to] = siteIds;
    await database.query('UPDATE sites SET password_sealed = (SELECT password_sealed FROM sites WHERE id = $1) WHERE id = $2', [from, to]);
    await expect(openCredentials(database, parseKeyRing(newKey), { organizationId: 'org_a', siteId: to ?? '' })).rejects.toMatchObject({
      code: 'credentials_unreadable',
    });
  });

  it('are null for a site that is not there', async () => {
    const place = { organizationId: 'org_a', siteId: 'site_ofNobody00000001' };
    expect(await openCredentials(database, parseKeyRing(newKey), place)).toBeNull();
  });
});
