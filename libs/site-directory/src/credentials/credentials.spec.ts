import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, until, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import {
  credentialKeys,
  openCredentials,
  openSiteDirectory,
  parseKeyRing,
  reencryptCredentials,
  siteDirectoryMigrations,
  type Reencryption,
} from '../index.js';

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

  const waiting = async () => {
    const rows = await database.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0]?.count;
  };
  const rotated = parseKeyRing(`${newKey},${oldKey}`);
  const keyIdOf = async (siteId: string) =>
    (await database.query<{ id: string }>('SELECT password_key_id AS id FROM sites WHERE id = $1', [siteId]))[0]?.id;
  /** Puts back what a test has taken apart. */
  const sealAllWith = async (ring: string) => {
    const directory = openSiteDirectory({ database, keyRing: parseKeyRing(ring), allowLoopback: false });
    for (const [index, siteId] of siteIds.entries()) await directory.update('org_a', siteId, { password: `password ${index}` });
  };

  it('are moved to a new key, and open without the old one afterwards', async () => {
    expect(await passwords(`${newKey},${oldKey}`)).toEqual(expected);
    await expect(passwords(newKey)).rejects.toMatchObject({ code: 'credentials_unreadable' });
    const batches: Reencryption[] = [];
    expect(await reencryptCredentials(database, rotated, { batchSize: 2, onBatch: (soFar) => batches.push(soFar) })).toEqual({
      sealed: 5,
      unreadable: 0,
    });
    expect(batches.map(({ sealed }) => sealed)).toEqual([2, 4, 5]);
    expect(await passwords(newKey)).toEqual(expected);
    expect(await reencryptCredentials(database, parseKeyRing(newKey), { batchSize: 2 })).toEqual({ sealed: 0, unreadable: 0 });
    expect(await database.query('SELECT DISTINCT version, password_key_id FROM sites')).toEqual([{ version: 1, password_key_id: '2026' }]);
    expect(await credentialKeys(database)).toEqual([{ keyId: '2026', sites: 5 }]);
  });

  it('are moved by the next one where the first was stopped', async () => {
    await sealAllWith(oldKey);
    const stopping = new AbortController();
    const first = await reencryptCredentials(database, rotated, {
      batchSize: 2,
      stopping: stopping.signal,
      onBatch: () => stopping.abort(),
    });
    expect(first).toEqual({ sealed: 2, unreadable: 0 });
    expect(await credentialKeys(database)).toEqual([
      { keyId: '2025', sites: 3 },
      { keyId: '2026', sites: 2 },
    ]);
    expect(await reencryptCredentials(database, rotated)).toEqual({ sealed: 3, unreadable: 0 });
    expect(await passwords(newKey)).toEqual(expected);
  });

  it('of which one opens with no key keep no other from being moved', async () => {
    await sealAllWith(oldKey);
    const [first = ''] = [...siteIds].toSorted();
    await database.query(`UPDATE sites SET password_key_id = 'lost' WHERE id = $1`, [first]);
    expect(await reencryptCredentials(database, rotated, { batchSize: 1 })).toEqual({ sealed: 4, unreadable: 1 });
    expect(await credentialKeys(database)).toEqual([
      { keyId: '2026', sites: 4 },
      { keyId: 'lost', sites: 1 },
    ]);
  });

  it('are as they were last given when they are changed while they are moved', async () => {
    await sealAllWith(oldKey);
    const [changed = ''] = siteIds;
    const directory = openSiteDirectory({ database, keyRing: parseKeyRing(oldKey), allowLoopback: false });
    // The row is locked by a change that the batch has to wait for, and that seals with the old key.
    const held = database.transaction(async (tx) => {
      await tx.query('SELECT FROM site_directory.sites WHERE id = $1 FOR NO KEY UPDATE', [changed]);
      const moving = reencryptCredentials(database, rotated);
      const changing = directory.update('org_a', changed, { password: 'given meanwhile' });
      await until(async () => (await waiting()) === 2);
      return { moving, changing };
    });
    const { moving, changing } = await held;
    await Promise.all([moving, changing]);
    await reencryptCredentials(database, rotated);
    expect(await passwords(newKey)).toEqual(['given meanwhile', ...expected.slice(1)]);
  });

  it('are moved once by two who do it at once', async () => {
    await sealAllWith(oldKey);
    const both = await Promise.all([1, 2].map(() => reencryptCredentials(database, rotated, { batchSize: 1 })));
    expect(both.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(5);
    expect(await passwords(newKey)).toEqual(expected);
  });

  it('do not open where they were swapped with those of another site', async () => {
    await sealAllWith(newKey);
    const [one = '', other = ''] = siteIds;
    await database.query(
      `UPDATE sites SET password_sealed = twin.password_sealed, password_key_id = twin.password_key_id
         FROM sites AS twin WHERE sites.id IN ($1, $2) AND twin.id IN ($1, $2) AND twin.id <> sites.id`,
      [one, other],
    );
    for (const siteId of [one, other]) {
      await expect(openCredentials(database, parseKeyRing(newKey), { organizationId: 'org_a', siteId })).rejects.toMatchObject({
        code: 'credentials_unreadable',
      });
    }
    expect(await keyIdOf(one)).toBe('2026');
  });

  it('name the key that is missing, and nothing else', async () => {
    await sealAllWith(oldKey);
    const failure = await passwords(newKey).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'credentials_unreadable', message: 'the key 2025 is not in the key ring' });
    expect(inspect(failure)).not.toMatch(/password \d/);
  });

  it('are null for a site that is not there', async () => {
    const place = { organizationId: 'org_a', siteId: 'site_ofNobody00000001' };
    expect(await openCredentials(database, parseKeyRing(newKey), place)).toBeNull();
  });
});
