import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { backupMigrations, findBackup } from './backups/index.js';
import { openCredentials, openSiteDirectory, parseKeyRing, siteDirectoryMigrations, siteNames } from './index.js';

const keyRing = parseKeyRing(`k1:${randomBytes(32).toString('base64')}`);
const suffix = randomBytes(6).toString('hex');
const [executor, reader, namer] = [`executor_${suffix}`, `reader_${suffix}`, `namer_${suffix}`];
const roles = [executor, reader, namer];

describe('the grants of the README', () => {
  let test: TestDatabase;
  let owner: Database;
  let siteId: string;

  const as = async <T>(role: string, schema: string, work: (database: Database) => Promise<T>): Promise<T> => {
    const url = new URL(test.url);
    [url.username, url.password] = [role, suffix];
    const database = await openDatabase({ url: url.href, schema, applicationName: 'grants.spec' });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  };

  beforeAll(async () => {
    test = await createTestDatabase();
    owner = await openDatabase({ url: test.url, schema: 'site_directory', applicationName: 'grants.spec' });
    await owner.migrate([...siteDirectoryMigrations, ...backupMigrations]);
    for (const role of roles) await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD '${suffix}'`);
    await owner.query(`GRANT USAGE ON SCHEMA site_directory TO ${executor}`);
    await owner.query(`GRANT SELECT ON site_directory.sites TO ${executor}`);
    await owner.query(`GRANT USAGE ON SCHEMA site_directory TO ${namer}`);
    await owner.query(`GRANT SELECT (id, organization_id, name) ON site_directory.sites TO ${namer}`);
    await owner.query(`GRANT USAGE ON SCHEMA site_backups TO ${reader}`);
    await owner.query(`GRANT SELECT ON site_backups.backups TO ${reader}`);
    const directory = openSiteDirectory({ database: owner, keyRing, allowLoopback: false });
    const router = { host: '10.0.0.1', port: 8728, tls: 'none', tlsFingerprint: null, username: 'runner', serial: null } as const;
    siteId = (await directory.create('org_a', { ...router, name: 'Depot', password: 'hunter2' })).id;
  });

  afterAll(async () => {
    for (const role of roles) await owner.query(`DROP OWNED BY ${role}`).then(() => owner.query(`DROP ROLE ${role}`));
    await owner.close();
    await test.drop();
  });

  it('let the executor read passwords and change nothing', async () => {
    await as(executor, 'site_directory', async (database) => {
      expect((await openCredentials(database, keyRing, { organizationId: 'org_a', siteId }))?.password).toBe('hunter2');
      await expect(database.query('UPDATE site_directory.sites SET host = $1', ['10.6.6.6'])).rejects.toThrow('permission denied');
      await expect(database.query('SELECT FROM site_directory.site_uses')).rejects.toThrow('permission denied');
    });
  });

  it('let the query side read backups and no password', async () => {
    await as(reader, 'site_backups', async (database) => {
      expect(await findBackup(database, { organizationId: 'org_a', executionId: randomUUID() })).toBeNull();
      await expect(openCredentials(database, keyRing, { organizationId: 'org_a', siteId })).rejects.toThrow('permission denied');
      await expect(database.query('DELETE FROM site_backups.backups')).rejects.toThrow('permission denied');
    });
  });

  it('let the notifier read names, and nothing else of a site', async () => {
    await as(namer, 'site_directory', async (database) => {
      expect([...(await siteNames(database, 'org_a', [siteId]))]).toEqual([[siteId, 'Depot']]);
      expect((await siteNames(database, 'org_b', [siteId])).size).toBe(0);
      await expect(openCredentials(database, keyRing, { organizationId: 'org_a', siteId })).rejects.toThrow('permission denied');
      const columns = await owner.query<{ name: string }>(
        `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'site_directory.sites'::regclass AND attnum > 0 AND NOT attisdropped`,
      );
      const others = columns.map(({ name }) => name).filter((name) => !['id', 'organization_id', 'name'].includes(name));
      expect(others).toEqual(expect.arrayContaining(['host', 'username', 'password_sealed']));
      for (const statement of [
        ...others.map((column) => `SELECT ${column} FROM site_directory.sites`),
        'SELECT * FROM site_directory.sites',
        // What may not be read may not be guessed at either.
        `SELECT id FROM site_directory.sites WHERE host = '10.0.0.1'`,
        `UPDATE site_directory.sites SET name = 'Depot'`,
        'SELECT FROM site_directory.site_uses',
        'SELECT FROM site_backups.backups',
      ]) {
        await expect(database.query(statement)).rejects.toThrow('permission denied');
      }
    });
  });
});
