import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scheduledScripts } from '@scheduled-scripts/event-store';
import { createLogger, type Chore } from '@scheduled-scripts/platform';
import { openCredentials, openSiteDirectory, parseKeyRing, type SiteDirectory } from '@scheduled-scripts/site-directory';
import { IdempotencyKeys } from '../idempotency/idempotency-keys.js';
import { startCommandApi, type TestApi } from '../testing/command-api.fixture.js';
import { chores } from './chores.js';

const [oldKey, newKey] = [`k1:${randomBytes(32).toString('base64')}`, `k2:${randomBytes(32).toString('base64')}`];
const { signal } = new AbortController();

describe('the chores', () => {
  let api: TestApi;
  let sites: SiteDirectory;
  let all: Readonly<Record<string, Chore>>;

  beforeAll(async () => {
    api = await startCommandApi({ CREDENTIALS_KEYS: oldKey });
    const { database } = api;
    const keyRing = parseKeyRing(`${newKey},${oldKey}`);
    sites = openSiteDirectory({ database, keyRing, allowLoopback: false });
    const logger = createLogger({ name: 'chores.spec', level: 'silent' });
    const keys = new IdempotencyKeys({ database, logger });
    all = chores({ database, keyRing, keys, sites, scripts: scheduledScripts(api.store), logger });
  });

  afterAll(() => api.stop());

  const reserving = async () =>
    (await api.database.query<{ script_id: string }>('SELECT DISTINCT script_id FROM site_directory.site_uses')).map(
      (row) => row.script_id,
    );

  it('forget idempotency keys after a day', async () => {
    await api.call('POST', '/scripts/scheduled', { body: api.aScript(), headers: { 'Idempotency-Key': 'old' } });
    expect(await all['forgetIdempotencyKeys']?.(signal)).toBe(0);
    await api.database.query(`UPDATE idempotency_keys SET created_at = created_at - interval '1 day'`);
    expect(await all['forgetIdempotencyKeys']?.(signal)).toBe(1);
    expect((await api.rowCounts())['command_api.idempotency_keys']).toBe('0');
  });

  it('forget what scripts have reserved that never run again', async () => {
    const [pending, cancelled, never] = [await api.newScript(), await api.newScript(), randomUUID()];
    await api.call('DELETE', `/scripts/scheduled/${cancelled}`);
    await sites.reserve('org_a', never, [...api.sites]);
    await api.database.query(`UPDATE site_directory.site_uses SET reserved_at = reserved_at - interval '1 hour'`);
    const underWay = randomUUID();
    await sites.reserve('org_a', underWay, [...api.sites]);

    expect(await all['forgetSiteReservations']?.(AbortSignal.abort())).toBe(0);
    expect(await all['forgetSiteReservations']?.(signal)).toBe(2);

    const left = await reserving();
    expect([pending, underWay, cancelled, never].map((script) => left.includes(script))).toEqual([true, true, false, false]);
  });

  it('seal passwords with the new key', async () => {
    expect(await all['reencryptCredentials']?.(signal)).toBe(4);
    const place = { organizationId: 'org_a', siteId: api.sites[0] ?? '' };
    expect((await openCredentials(api.database, parseKeyRing(newKey), place))?.password).toBe('router-password');
    expect(await all['reencryptCredentials']?.(signal)).toBe(0);
  });
});
