import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { openSiteDirectory, parseKeyRing, siteDirectoryMigrations, type NewSite, type SiteDirectory } from './index.js';

const keyRing = parseKeyRing(`k1:${randomBytes(32).toString('base64')}`);
const router: NewSite = {
  name: 'Depot',
  host: '10.0.0.1',
  port: 8728,
  tls: 'none',
  tlsFingerprint: null,
  username: 'runner',
  serial: null,
  password: 'hunter2',
};

describe('serial numbers', () => {
  let test: TestDatabase;
  let database: Database;
  let directory: SiteDirectory;

  /** As a release did that did not keep serial numbers apart. */
  const insertTwin = (id: string, serial: string) =>
    database.query(
      `INSERT INTO site_directory.sites (organization_id, id, name, host, port, tls, username, serial, password_sealed, password_key_id)
       VALUES ('org_old', $1, 'Twin', '10.0.0.1', 8728, 'none', 'runner', $2, '', 'k1')`,
      [id, serial],
    );

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'site_directory', applicationName: 'serials.spec' });
    await database.migrate(siteDirectoryMigrations.slice(0, 1));
    for (const id of ['site_0000000000000001', 'site_0000000000000002']) await insertTwin(id, 'HC-TWIN');
    await database.migrate(siteDirectoryMigrations);
    directory = openSiteDirectory({ database, keyRing, allowLoopback: false });
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('belong to one site of an organization, and other organizations do not matter', async () => {
    const { id } = await directory.create('org_a', { ...router, serial: 'HC1' });
    await expect(directory.create('org_a', { ...router, serial: 'HC1' })).rejects.toMatchObject({ code: 'serial_taken', inTheWay: id });
    await directory.create('org_b', { ...router, serial: 'HC1' });
    expect(await directory.withSerial('org_a', 'HC1')).toEqual([id]);
    expect(await directory.withSerial('org_a', 'HC2')).toEqual([]);
  });

  it('are free again when their site gives them up, or goes', async () => {
    const [one, other] = [await directory.create('org_a', { ...router, serial: 'HC3' }), await directory.create('org_a', router)];
    const move = () => directory.update('org_a', other.id, { serial: 'HC3' });
    await expect(move()).rejects.toMatchObject({ code: 'serial_taken', inTheWay: one.id });
    expect(await directory.get('org_a', other.id)).toEqual(other);
    await directory.update('org_a', one.id, { serial: null });
    expect(await move()).toMatchObject({ serial: 'HC3', version: 2 });
    await directory.remove('org_a', other.id, { useOf: () => Promise.resolve('over') });
    expect(await directory.create('org_a', { ...router, serial: 'HC3' })).toMatchObject({ serial: 'HC3' });
  });

  it('go to one of many that want them at once', async () => {
    const tries = Array.from({ length: 5 }, () => directory.create('org_race', { ...router, serial: 'HC4' }));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []))).toEqual(
      Array(4).fill('serial_taken'),
    );
  });

  it('of sites without one are no business of each other', async () => {
    await directory.create('org_a', router);
    expect(await directory.create('org_a', router)).toMatchObject({ serial: null });
  });

  it('that two sites had before stay with both, and cannot be given anew', async () => {
    const twins = ['site_0000000000000001', 'site_0000000000000002'];
    expect(await directory.withSerial('org_old', 'HC-TWIN')).toEqual(twins);
    for (const id of twins) expect(await directory.update('org_old', id, { name: 'renamed' })).toMatchObject({ serial: 'HC-TWIN' });
    await expect(directory.create('org_old', { ...router, serial: 'HC-TWIN' })).rejects.toMatchObject({ inTheWay: twins[0] });
    await directory.update('org_old', twins[1] ?? '', { serial: 'HC-OWN' });
    await expect(directory.create('org_old', { ...router, serial: 'HC-OWN' })).rejects.toMatchObject({ inTheWay: twins[1] });
  });
});
