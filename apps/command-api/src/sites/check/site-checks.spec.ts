import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SiteCheckJson } from '@scheduled-scripts/contracts';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import type { RunningRouter } from '@scheduled-scripts/router-simulator';
import { createConnectRouter } from '@scheduled-scripts/routeros';
import { selfSigned } from '@scheduled-scripts/routeros/testing';
import {
  openSiteDirectory,
  parseKeyRing,
  siteDirectoryMigrations,
  type NewSite,
  type SiteDirectory,
} from '@scheduled-scripts/site-directory';
import { RouterShelf } from '../../testing/router-shelf.js';
import { SiteChecks } from './site-checks.js';

const keyRing = parseKeyRing(`k1:${randomBytes(32).toString('base64')}`);
const certificate = selfSigned('router.example');

describe('checks of sites that have a name', () => {
  const shelf = new RouterShelf();
  let test: TestDatabase;
  let database: Database;
  let sites: SiteDirectory;
  /** What the name leads to now. */
  let addresses: readonly string[] = [];
  let dialled: string[] = [];

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'site_directory', applicationName: 'site-checks.spec' });
    await database.migrate(siteDirectoryMigrations);
    sites = openSiteDirectory({ database, keyRing, allowLoopback: true, lookup: () => Promise.resolve(['10.0.0.1']) });
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
    await shelf.clear();
  });

  const register = ({ description }: RunningRouter, over: Partial<NewSite> = {}) => {
    const { name, username, password, serial, port } = description;
    const own = { name, host: 'router.example', username, password, serial, port, tls: 'none', tlsFingerprint: null } as const;
    return sites.create('org_a', { ...own, ...over });
  };

  const check = async (site: Awaited<ReturnType<typeof register>>, allowLoopback = true): Promise<SiteCheckJson> => {
    dialled = [];
    const connect = createConnectRouter({ ca: [certificate.cert] });
    const checks = new SiteChecks({
      database,
      keyRing,
      sites,
      connect: (address, options) => {
        dialled.push(address.host);
        return connect(address, options);
      },
      allowLoopback,
      lookup: () => Promise.resolve(addresses),
      timeoutMillis: 2_000,
      atOnce: 1,
      now: Date.now,
      onEnd: () => undefined,
      onUnreadable: () => undefined,
    });
    return checks.check(site);
  };

  it('go to the address that was judged, and want the certificate of the name', async () => {
    const router = await shelf.router({ tls: { port: 0, files: certificate } });
    const site = await register(router, { tls: 'verify', port: router.description.tlsPort ?? 0 });
    addresses = ['127.0.0.1'];
    expect(await check(site)).toMatchObject({ tls: { mode: 'verify', fingerprint: certificate.sha256, trusted: true }, problems: [] });
    expect(dialled).toEqual(['127.0.0.1']);
  });

  it.each([
    ['a metadata service', ['169.254.169.254']],
    ['one, mapped into IPv6', ['::ffff:169.254.169.254']],
    ['one, by way of NAT64', ['64:ff9b::a9fe:a9fe']],
    ['one, by way of 6to4', ['2002:a9fe:a9fe::1']],
    ['everybody', ['224.0.0.1']],
    ['nobody in particular', ['0.0.0.0']],
    ['this machine among others', ['10.0.0.1', '127.0.0.1']],
  ])('go nowhere once the name leads to %s', async (_, moved) => {
    const site = await register(await shelf.router());
    addresses = moved;
    const result = await check(site, false);
    expect(result).toMatchObject({ reachable: false, logged_in: false, problems: [{ code: 'address_refused' }] });
    expect(dialled).toEqual([]);
  });

  it('try the next address where one cannot be reached', async () => {
    const site = await register(await shelf.router());
    addresses = ['127.0.0.2', '127.0.0.1'];
    expect(await check(site)).toMatchObject({ logged_in: true, problems: [] });
    expect(dialled).toEqual(addresses);
  });

  it('find nobody where the name leads nowhere', async () => {
    const site = await register(await shelf.router());
    addresses = [];
    expect(await check(site)).toMatchObject({ reachable: false, problems: [{ code: 'unreachable', message: 'the name has no address' }] });
  });

  it('say that there is no such site if it has gone meanwhile', async () => {
    const site = await register(await shelf.router());
    await sites.remove('org_a', site.id, { useOf: () => Promise.resolve('over') });
    await expect(check(site)).rejects.toMatchObject({ api: { status: 404, code: 'site_not_found' } });
  });
});
