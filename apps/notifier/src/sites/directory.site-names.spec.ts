import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@scheduled-scripts/platform';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, outageFor, type Outage, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { KnownSites } from '../testing/known-sites.js';
import { sites } from '../testing/told-script.js';
import { DirectorySiteNames } from './directory.site-names.js';

const [first = '', second = ''] = sites(2);
const secret = randomBytes(6).toString('hex');
const role = `notifier_${secret}`;
const itsRight = 'SELECT (id, organization_id, name) ON site_directory.sites';
const [lost, found] = ['warn: the names of sites cannot be read: mails have their ids alone', 'info: the names of sites can be read again'];

describe('the names of sites, for a role that may read nothing else of them', () => {
  let test: TestDatabase;
  let known: KnownSites;
  let outage: Outage;
  let database: Database;
  let names: DirectorySiteNames;
  let log: string[];

  beforeAll(async () => {
    test = await createTestDatabase();
    known = await KnownSites.in(test.url);
    await known.add('org_1', first, 'router-1');
    await known.add('org_2', second, 'their router');
    await known.database.query(`CREATE ROLE ${role} LOGIN PASSWORD '${secret}'`);
    await known.database.query(`GRANT USAGE ON SCHEMA site_directory TO ${role}`);
    outage = await outageFor(test.url);
    const url = new URL(outage.url);
    [url.username, url.password] = [role, secret];
    database = await openDatabase({ url: url.href, schema: 'public', applicationName: 'site-names.spec' });
  });
  afterAll(async () => {
    await database.close();
    await outage.close();
    await known.database.query(`DROP OWNED BY ${role}`);
    await known.database.query(`DROP ROLE ${role}`);
    await known.close();
    await test.drop();
  });

  beforeEach(async () => {
    await known.database.query(`GRANT ${itsRight} TO ${role}`);
    log = [];
    const write = (line: string): void => {
      const { level, msg } = JSON.parse(line) as { level: string; msg: string };
      log.push(`${level}: ${msg}`);
    };
    names = new DirectorySiteNames({ database, logger: createLogger({ name: 'notifier', level: 'info', destination: { write } }) });
  });

  it('are those of the organization that is told', async () => {
    expect(await names.of('org_1', [first, second, 'site_gone000000000000'])).toEqual(new Map([[first, 'router-1']]));
    expect(await names.canBeRead()).toBe(true);
    expect(log).toEqual([]);
  });

  it('are none while the grant is missing, which the log hears once, and come with it', async () => {
    await known.database.query(`REVOKE ${itsRight} FROM ${role}`);
    for (const _ of [1, 2]) {
      expect((await names.of('org_1', [first])).size).toBe(0);
      expect(await names.canBeRead()).toBe(false);
    }
    expect(log).toEqual([lost]);
    await known.database.query(`GRANT ${itsRight} TO ${role}`);
    for (const _ of [1, 2]) expect((await names.of('org_1', [first])).get(first)).toBe('router-1');
    expect(log).toEqual([lost, found]);
  });

  it('are not waited for while somebody holds the directory', async () => {
    const impatient = new DirectorySiteNames({ database, logger: createLogger({ name: 'notifier', level: 'silent' }), patienceMillis: 50 });
    await known.database.transaction(async (tx) => {
      await tx.query('LOCK TABLE site_directory.sites IN ACCESS EXCLUSIVE MODE');
      expect((await impatient.of('org_1', [first])).size).toBe(0);
    });
    expect((await impatient.of('org_1', [first])).size).toBe(1);
    // What was asked for names was asked of names alone.
    expect(await database.query('SHOW statement_timeout')).toEqual([{ statement_timeout: '5s' }]);
  });

  it('are none while Postgres is away', async () => {
    await outage.interrupt();
    expect((await names.of('org_1', [first])).size).toBe(0);
    await outage.restore();
    expect((await names.of('org_1', [first])).size).toBe(1);
    expect(log).toEqual([lost, found]);
  });
});
