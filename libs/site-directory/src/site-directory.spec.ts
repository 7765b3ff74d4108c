import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { parseKeyRing, siteDirectoryMigrations, openCredentials, openSiteDirectory, type NewSite, type SiteDirectory } from './index.js';

const keyRing = parseKeyRing(`k1:${randomBytes(32).toString('base64')}`);
const lookup = (host: string) => {
  if (host === 'busy.example') return Promise.reject(Object.assign(new Error('no answer'), { code: 'EAI_AGAIN' }));
  return Promise.resolve(host === 'metadata.example' ? ['169.254.169.254'] : host === 'nowhere.example' ? [] : ['10.1.2.3']);
};

const aSite = (over: Partial<NewSite> = {}): NewSite => ({
  name: 'Depot north',
  host: 'router.example',
  port: 8729,
  tls: 'verify',
  tlsFingerprint: null,
  username: 'runner',
  serial: null,
  password: 'hunter2',
  ...over,
});

const portOf = (tls: string) => (tls === 'none' ? 8728 : 8729);
const never = () => Promise.resolve('over' as const);

describe('the site directory', () => {
  let test: TestDatabase;
  let database: Database;
  let directory: SiteDirectory;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'site_directory', applicationName: 'site-directory.spec' });
    await database.migrate(siteDirectoryMigrations);
    directory = openSiteDirectory({ database, keyRing, allowLoopback: false, lookup });
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('makes an id of the documented form, and times with six digits', async () => {
    const site = await directory.create('org_a', aSite());
    expect(site).toEqual({
      id: expect.stringMatching(/^site_[0-9A-Za-z]{24}$/),
      organizationId: 'org_a',
      name: 'Depot north',
      host: 'router.example',
      port: 8729,
      tls: 'verify',
      tlsFingerprint: null,
      username: 'runner',
      serial: null,
      version: 1,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    });
    expect(await directory.get('org_a', site.id)).toEqual(site);
  });

  it('has a new site changed when it was made, to the microsecond', async () => {
    for (let count = 0; count < 200; count += 1) {
      const { createdAt, updatedAt } = await directory.create('org_fresh', aSite());
      expect(updatedAt).toBe(createdAt);
    }
  });

  it('takes an id of the caller once in each organization', async () => {
    const id = 'site_InventoryOwn0001';
    await directory.create('org_a', aSite({ id, name: 'of a' }));
    await expect(directory.create('org_a', aSite({ id }))).rejects.toMatchObject({ code: 'site_already_exists' });
    await directory.create('org_b', aSite({ id, name: 'of b', password: 'other' }));
    expect((await directory.get('org_a', id))?.name).toBe('of a');
    expect((await openCredentials(database, keyRing, { organizationId: 'org_b', siteId: id }))?.password).toBe('other');
  });

  it('shows a site to its own organization only', async () => {
    const { id } = await directory.create('org_a', aSite());
    expect(await directory.get('org_b', id)).toBeNull();
    await expect(directory.update('org_b', id, { name: 'mine' })).rejects.toMatchObject({ code: 'site_not_found' });
    await expect(directory.remove('org_b', id, { useOf: never })).rejects.toMatchObject({ code: 'site_not_found' });
    expect(await directory.missing('org_b', [id])).toEqual([id]);
    expect(await directory.reserve('org_b', randomUUID(), [id])).toEqual([id]);
    expect(await openCredentials(database, keyRing, { organizationId: 'org_b', siteId: id })).toBeNull();
    expect((await directory.list('org_b', { limit: 100 })).map((site) => site.id)).not.toContain(id);
  });

  it.each(['', 'site_', 'site_\0aaaaaaaaaaaaaaaaaaa', "site_'; DROP TABLE sites; --"])('knows no site %j', async (id) => {
    expect(await directory.get('org_a', id)).toBeNull();
    await expect(directory.update('org_a', id, { name: 'x' })).rejects.toMatchObject({ code: 'site_not_found' });
    await expect(directory.remove('org_a', id, { useOf: never })).rejects.toMatchObject({ code: 'site_not_found' });
  });

  it('names the sites of one organization only', async () => {
    const own = await directory.create('org_names', aSite({ name: 'Own' }));
    const foreign = await directory.create('org_b', aSite({ name: 'Foreign' }));
    const names = await directory.namesOf('org_names', [own.id, foreign.id, 'site_0000000000000000']);
    expect([...names]).toEqual([[own.id, 'Own']]);
    expect((await directory.namesOf('org_names', [])).size).toBe(0);
  });

  it('lists by id, page by page', async () => {
    const ids = ['site_0000000000000001', 'site_0000000000000002', 'site_A000000000000001', 'site_a000000000000001'];
    for (const id of ids.toReversed()) await directory.create('org_pages', aSite({ id }));
    const first = await directory.list('org_pages', { limit: 3 });
    expect(first.map((site) => site.id)).toEqual(ids.slice(0, 3));
    expect((await directory.list('org_pages', { limit: 3, after: first.at(-1)?.id })).map((site) => site.id)).toEqual(ids.slice(3));
  });

  it('changes what is given and keeps the rest, the password too', async () => {
    const { id, createdAt } = await directory.create('org_a', aSite({ serial: 'HC1' }));
    const place = { organizationId: 'org_a', siteId: id };
    const moved = await directory.update('org_a', id, { host: '10.9.9.9', serial: null });
    expect(moved).toMatchObject({ host: '10.9.9.9', serial: null, username: 'runner', version: 2, createdAt });
    expect(await openCredentials(database, keyRing, place)).toEqual({ site: moved, password: 'hunter2' });
    await directory.update('org_a', id, { password: 'swordfish' });
    expect((await openCredentials(database, keyRing, place))?.password).toBe('swordfish');
  });

  it('changes and removes only the version that was asked for', async () => {
    const { id } = await directory.create('org_a', aSite());
    await directory.update('org_a', id, { name: 'second' }, { ifVersions: [1] });
    await expect(directory.update('org_a', id, { name: 'third' }, { ifVersions: [1] })).rejects.toMatchObject({
      code: 'revision_mismatch',
    });
    await expect(directory.remove('org_a', id, { ifVersions: [1], useOf: never })).rejects.toMatchObject({ code: 'revision_mismatch' });
    await directory.remove('org_a', id, { ifVersions: [1, 2], useOf: never });
    expect(await directory.get('org_a', id)).toBeNull();
  });

  it('lets one of two changes to the same version win', async () => {
    const { id } = await directory.create('org_a', aSite());
    const outcomes = await Promise.allSettled(['x', 'y'].map((name) => directory.update('org_a', id, { name }, { ifVersions: [1] })));
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await directory.get('org_a', id))?.version).toBe(2);
  });

  it('takes a site that is at the usual port of its mode to that of its new mode, unless it is told another', async () => {
    const { id } = await directory.create('org_a', aSite());
    expect(await directory.update('org_a', id, { tls: 'none' }, { portOf })).toMatchObject({ port: 8728 });
    expect(await directory.update('org_a', id, { name: 'x' }, { portOf })).toMatchObject({ port: 8728 });
    expect(await directory.update('org_a', id, { tls: 'verify', port: 8728 }, { portOf })).toMatchObject({ port: 8728 });
    expect(await directory.update('org_a', id, { tls: 'none' }, { portOf })).toMatchObject({ port: 8728 });
    expect(await directory.update('org_a', id, { port: 443 }, { portOf })).toMatchObject({ port: 443 });
    expect(await directory.update('org_a', id, { tls: 'verify' }, { portOf })).toMatchObject({ port: 443 });
  });

  it('leaves a site as it is when a change names nothing', async () => {
    const site = await directory.create('org_a', aSite());
    expect(await directory.update('org_a', site.id, { name: undefined })).toEqual(site);
    await expect(directory.update('org_a', site.id, {}, { ifVersions: [2] })).rejects.toMatchObject({ code: 'revision_mismatch' });
  });

  it('keeps a fingerprint exactly where the certificate is pinned', async () => {
    const tlsFingerprint = 'ab'.repeat(32);
    await expect(directory.create('org_a', aSite({ tls: 'pin' }))).rejects.toMatchObject({ code: 'fingerprint_missing' });
    await expect(directory.create('org_a', aSite({ tlsFingerprint }))).rejects.toMatchObject({ code: 'fingerprint_needless' });
    const { id } = await directory.create('org_a', aSite());
    await expect(directory.update('org_a', id, { tls: 'pin' })).rejects.toMatchObject({ code: 'fingerprint_missing' });
    await expect(directory.update('org_a', id, { tlsFingerprint })).rejects.toMatchObject({ code: 'fingerprint_needless' });
    expect(await directory.update('org_a', id, { tls: 'pin', tlsFingerprint })).toMatchObject({ tls: 'pin', tlsFingerprint });
    expect(await directory.update('org_a', id, { tls: 'verify' })).toMatchObject({ tls: 'verify', tlsFingerprint: null });
  });

  it('refuses addresses that nobody may connect to, and stores nothing then', async () => {
    const { id } = await directory.create('org_addresses', aSite());
    for (const [host, code] of [
      ['169.254.169.254', 'address_refused'],
      ['metadata.example', 'address_refused'],
      ['127.0.0.1', 'address_refused'],
      ['nowhere.example', 'address_unresolved'],
      ['busy.example', 'address_unresolved'],
    ] as const) {
      await expect(directory.create('org_addresses', aSite({ host }))).rejects.toMatchObject({ code });
      await expect(directory.update('org_addresses', id, { host })).rejects.toMatchObject({ code });
    }
    expect(await directory.list('org_addresses', { limit: 10 })).toMatchObject([{ id, host: 'router.example', version: 1 }]);
    const embedded = openSiteDirectory({ database, keyRing, allowLoopback: true, lookup });
    expect(await embedded.create('org_addresses', aSite({ host: '127.0.0.1' }))).toMatchObject({ host: '127.0.0.1' });
  });

  it('never stores a password in the clear', async () => {
    await directory.create('org_a', aSite({ password: 'very-visible-secret' }));
    const rows = await database.query<{ row: string; sealed: Buffer }>(`SELECT sites::text AS row, password_sealed AS sealed FROM sites`);
    expect(rows.filter(({ row, sealed }) => row.includes('very-visible-secret') || sealed.includes('very-visible-secret'))).toEqual([]);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('says which of many ids are missing', async () => {
    const { id } = await directory.create('org_a', aSite());
    const ids = Array.from({ length: 9_999 }, (_, index) => `site_${String(index).padStart(20, '0')}`);
    expect(await directory.missing('org_a', [ids[7] ?? '', id, ids[3] ?? ''])).toEqual([ids[7], ids[3]]);
    expect(await directory.missing('org_a', [...ids, id])).toHaveLength(9_999);
    expect(await directory.missing('org_a', [])).toEqual([]);
  });
});
