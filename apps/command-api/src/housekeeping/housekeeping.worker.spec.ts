import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scheduledScripts } from '@scheduled-scripts/event-store';
import { createLogger } from '@scheduled-scripts/platform';
import { until } from '@scheduled-scripts/postgres/testing';
import { openSiteDirectory, parseKeyRing, type SiteDirectory } from '@scheduled-scripts/site-directory';
import { IdempotencyKeys } from '../idempotency/idempotency-keys.js';
import { startCommandApi, type TestApi } from '../testing/command-api.fixture.js';
import { HousekeepingWorker } from './housekeeping.worker.js';

describe('housekeeping', () => {
  let api: TestApi;
  let sites: SiteDirectory;
  const logger = createLogger({ name: 'housekeeping.spec', level: 'silent' });

  beforeAll(async () => {
    api = await startCommandApi();
    const keyRing = parseKeyRing(`k1:${randomBytes(32).toString('base64')}`);
    sites = openSiteDirectory({ database: api.database, keyRing, allowLoopback: false });
  });

  afterAll(() => api.stop());

  const worker = (over: Partial<ConstructorParameters<typeof HousekeepingWorker>[0]> = {}) =>
    new HousekeepingWorker({
      keys: new IdempotencyKeys({ database: api.database, logger }),
      sites,
      scripts: scheduledScripts(api.store),
      logger,
      ...over,
    });
  const reserving = async () =>
    (await api.database.query<{ script_id: string }>('SELECT DISTINCT script_id FROM site_directory.site_uses')).map(
      (row) => row.script_id,
    );

  it('forgets keys after a day, and what scripts reserved that never run again', async () => {
    const [pending, cancelled, never] = [await api.newScript(), await api.newScript(), randomUUID()];
    await api.call('DELETE', `/scripts/scheduled/${cancelled}`);
    await sites.reserve('org_a', never, [...api.sites]);
    await api.call('POST', '/scripts/scheduled', { body: api.aScript(), headers: { 'Idempotency-Key': 'old' } });
    await api.database.query(`UPDATE site_directory.site_uses SET reserved_at = reserved_at - interval '1 hour'`);
    const fresh = await api.newScript();
    await api.call('DELETE', `/scripts/scheduled/${fresh}`);
    await api.database.query(`UPDATE idempotency_keys SET created_at = created_at - interval '1 day'`);

    await worker().cleanUp();

    const left = await reserving();
    expect(left).toEqual(expect.arrayContaining([pending, fresh]));
    expect(left).not.toContain(cancelled);
    expect(left).not.toContain(never);
    expect((await api.rowCounts())['command_api.idempotency_keys']).toBe('0');
  });

  it('goes on after a failed round, and stops', async () => {
    let rounds = 0;
    const broken = {
      pruneUses: () => {
        rounds += 1;
        return Promise.reject(new Error('not now'));
      },
    };
    const failing = worker({ sites: { ...sites, ...broken }, intervalMillis: 1 });
    await failing.start();
    await until(() => rounds >= 3);
    await failing.stop();
    const after = rounds;
    await failing.cleanUp();
    expect(rounds).toBe(after);
  });
});
