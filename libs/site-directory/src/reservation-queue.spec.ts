import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DatabaseUnavailable, openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, outageFor, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { openSiteDirectory, parseKeyRing, siteDirectoryMigrations, type SiteDirectory } from './index.js';

const organization = 'org_a';
const settings = { schema: 'site_directory', applicationName: 'reservation-queue.spec' };
const nobodys = 'site_ofNobody00000001';

describe('reservations that come together', () => {
  let test: TestDatabase;
  let database: Database;
  let directory: SiteDirectory;
  let statements = 0;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ ...settings, url: test.url });
    await database.migrate(siteDirectoryMigrations);
    directory = openDirectory();
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  /** Over the one pool, whose statements are counted. */
  const openDirectory = (over = database): SiteDirectory => {
    const keyRing = parseKeyRing(`k1:${randomBytes(32).toString('base64')}`);
    const query: Database['query'] = (...statement) => {
      statements += 1;
      return over.query(...statement);
    };
    const counted: Database = Object.create(over, { query: { value: query } });
    return openSiteDirectory({ database: counted, keyRing, allowLoopback: true });
  };
  const newSite = async (): Promise<string> => {
    const router = { host: '10.0.0.1', port: 8728, tls: 'none', tlsFingerprint: null, username: 'runner', serial: null } as const;
    return (await directory.create(organization, { ...router, name: 'Depot', password: 'p' })).id;
  };
  const newSites = (count: number): Promise<readonly string[]> => Promise.all(Array.from({ length: count }, newSite));
  const sitesOf = async (scriptId: string) =>
    (await database.query<{ site_id: string }>('SELECT site_id FROM site_uses WHERE script_id = $1 ORDER BY site_id', [scriptId])).map(
      (row) => row.site_id,
    );

  it('share a statement', async () => {
    const sites = await newSites(3);
    const scripts = Array.from({ length: 40 }, () => randomUUID());
    statements = 0;
    const missing = await Promise.all(scripts.map((script) => directory.reserve(organization, script, sites)));
    expect(missing).toEqual(scripts.map(() => []));
    expect(statements).toBe(1);
    for (const script of scripts) expect(await sitesOf(script)).toEqual(sites.toSorted());
  });

  it('stand each for itself: who misses a site reserves none, the others all', async () => {
    const [site = '', other = ''] = await newSites(2);
    const [first, refused, foreign, last] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const missing = await Promise.all([
      directory.reserve(organization, first, [site]),
      directory.reserve(organization, refused, [site, nobodys, other]),
      directory.reserve('org_b', foreign, [site]),
      directory.reserve(organization, last, [other, site]),
    ]);
    expect(missing).toEqual([[], [nobodys], [site], []]);
    expect(await Promise.all([first, refused, foreign, last].map(sitesOf))).toEqual([[site], [], [], [site, other].toSorted()]);
  });

  it('may be of one script', async () => {
    const [site = '', other = ''] = await newSites(2);
    const script = randomUUID();
    const asked = [[site], [site, other], [other, other]];
    expect(await Promise.all(asked.map((ids) => directory.reserve(organization, script, ids)))).toEqual([[], [], []]);
    expect(await sitesOf(script)).toEqual([site, other].toSorted());
  });

  it('do not wait for the removal of a site that another one wants', async () => {
    const [site = '', going = ''] = await newSites(2);
    const [script, late] = [randomUUID(), randomUUID()];
    await directory.reserve(organization, randomUUID(), [going]);
    let unanswered = true;
    let asked: Promise<readonly string[]> | undefined;
    await directory.remove(organization, going, {
      useOf: async () => {
        asked = directory.reserve(organization, late, [going]).finally(() => (unanswered = false));
        expect(await directory.reserve(organization, script, [site])).toEqual([]);
        expect(unanswered).toBe(true);
        return 'over';
      },
    });
    expect(await asked).toEqual([going]);
    expect(await sitesOf(script)).toEqual([site]);
    expect(await sitesOf(late)).toEqual([]);
  });

  it('survive one that the server cannot take', async () => {
    const [site = ''] = await newSites(1);
    const script = randomUUID();
    const [broken, whole] = await Promise.allSettled([
      directory.reserve(organization, 'no uuid', [site]),
      directory.reserve(organization, script, [site]),
    ]);
    expect([broken.status, whole.status]).toEqual(['rejected', 'fulfilled']);
    expect(await sitesOf(script)).toEqual([site]);
  });

  it('end with the one that they wait behind when the server has fallen silent', async () => {
    const outage = await outageFor(test.url);
    const remote = await openDatabase({ ...settings, url: outage.url, statementTimeoutMillis: 100 });
    const silent = openDirectory(remote);
    const sites = await newSites(2);
    await silent.reserve(organization, randomUUID(), sites);
    outage.silence();
    statements = 0;
    const asked = [];
    for (const script of [randomUUID(), randomUUID(), randomUUID()]) {
      asked.push(silent.reserve(organization, script, sites));
      // The first one is on its way before the next one comes.
      await new Promise(setImmediate);
      await new Promise(setImmediate);
    }
    const outcomes = await Promise.allSettled(asked);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailable) });
    expect(statements).toBe(1);
    outage.speak();
    expect(await silent.reserve(organization, randomUUID(), sites)).toEqual([]);
    await remote.close();
    await outage.close();
  });

  it('may be repeated by several processes at once', async () => {
    const sites = await newSites(8);
    const scripts = Array.from({ length: 8 }, () => randomUUID());
    const others = Array.from({ length: 3 }, () => openDirectory());
    for (let round = 0; round < 10; round += 1) {
      const missing = await Promise.all(
        others.flatMap((one, index) =>
          (index % 2 === 0 ? scripts : scripts.toReversed()).map((script) =>
            one.reserve(organization, script, index % 2 === 0 ? sites : sites.toReversed()),
          ),
        ),
      );
      expect(missing.flat()).toEqual([]);
    }
  });
});
