import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '@scheduled-scripts/postgres';
import { until } from '@scheduled-scripts/postgres/testing';
import type { SiteDirectory, UseOf } from './index.js';
import { startReservedSites, type ReservedSites } from './testing/reserved-sites.js';

const organizationId = 'org_a';
const nobodys = 'site_ofNobody00000001';

const soon = () => pause(Math.random() * 3);
const notNamed: UseOf = () => Promise.resolve('not_named');

describe('changes of scripts', () => {
  let stage: ReservedSites;
  let database: Database;
  let directory: SiteDirectory;

  beforeAll(async () => {
    stage = await startReservedSites(organizationId);
    ({ database, directory } = stage);
  });

  afterAll(() => stage.stop());

  const newSite = () => stage.newSite();
  const remove = (id: string, useOf: UseOf) => stage.remove(id, useOf);
  const isThere = async (id: string) => (await directory.get(organizationId, id)) !== null;
  const close = (scriptId: string, change: string) => directory.closeChange({ organizationId, scriptId, change });
  const open = async (scriptId: string) =>
    (await database.query<{ change: string }>('SELECT change FROM open_changes WHERE script_id = $1', [scriptId])).map(
      ({ change }) => change,
    );
  const age = (scriptId: string) =>
    database.query(`UPDATE open_changes SET reserved_at = reserved_at - interval '2 minutes' WHERE script_id = $1`, [scriptId]);

  it('keep a site that the script does not name while they are under way, and no longer', async () => {
    const [site, script, change] = [await newSite(), randomUUID(), randomUUID()];
    await directory.reserve(organizationId, script, [site], change);
    await expect(remove(site, notNamed)).rejects.toMatchObject({ code: 'site_reserved', inTheWay: script });
    close(script, change);
    await remove(site, notNamed);
    expect([await isThere(site), await open(script)]).toEqual([false, []]);
  });

  it('are waited for', async () => {
    const [site, script, change] = [await newSite(), randomUUID(), randomUUID()];
    await directory.reserve(organizationId, script, [site], change);
    await remove(site, () => {
      close(script, change);
      return Promise.resolve('not_named');
    });
    expect(await isThere(site)).toBe(false);
  });

  it('each keep it, when there are two', async () => {
    const [site, script, one, other] = [await newSite(), randomUUID(), randomUUID(), randomUUID()];
    await Promise.all([one, other].map((change) => directory.reserve(organizationId, script, [site], change)));
    close(script, one);
    await until(async () => (await open(script)).length === 1);
    await expect(remove(site, notNamed)).rejects.toMatchObject({ code: 'site_reserved' });
    close(script, other);
    await remove(site, notNamed);
  });

  it('keep no site that they have not reserved', async () => {
    const [site, other, script] = [await newSite(), await newSite(), randomUUID()];
    await directory.reserve(organizationId, script, [other], randomUUID());
    await directory.reserve(organizationId, randomUUID(), [site]);
    await remove(site, notNamed);
  });

  it('keep it for a minute when nobody closes them, and are forgotten then', async () => {
    const [site, script, cut] = [await newSite(), randomUUID(), randomUUID()];
    await directory.reserve(organizationId, script, [site], cut);
    await expect(remove(site, notNamed)).rejects.toMatchObject({ code: 'site_reserved' });
    await directory.pruneUses(() => Promise.resolve(false));
    expect(await open(script)).toEqual([cut]);
    await age(script);
    await remove(site, notNamed);
    await directory.pruneUses(() => Promise.resolve(false));
    expect(await open(script)).toEqual([]);
  });

  it('are not begun where a site is missing, and whoever comes with them has theirs', async () => {
    const [site, script, refused, accepted] = [await newSite(), randomUUID(), randomUUID(), randomUUID()];
    const missing = await Promise.all([
      directory.reserve(organizationId, script, [site, nobodys], refused),
      directory.reserve(organizationId, script, [site], accepted),
      directory.reserve(organizationId, script, [site]),
    ]);
    expect([missing, await open(script)]).toEqual([[[nobodys], [], []], [accepted]]);
  });

  it('are begun by a reservation that has waited for a removal, too', async () => {
    const [site, script, change] = [await newSite(), randomUUID(), randomUUID()];
    await directory.reserve(organizationId, randomUUID(), [site]);
    let reserved: Promise<readonly string[]> | undefined;
    const keeping: UseOf = () => {
      reserved = directory.reserve(organizationId, script, [site], change);
      return Promise.resolve('pending');
    };
    await expect(remove(site, keeping)).rejects.toMatchObject({ code: 'site_in_use' });
    expect([await reserved, await open(script)]).toEqual([[], [change]]);
  });

  it('count as they were before the script was looked at: one that ends meanwhile has come to name the site', async () => {
    const [site, script, change] = [await newSite(), randomUUID(), randomUUID()];
    await directory.reserve(organizationId, script, [site], change);
    let named = false;
    await expect(
      remove(site, async () => {
        const seen = named ? 'pending' : 'not_named';
        named = true;
        close(script, change);
        await until(async () => (await open(script)).length === 0);
        return seen;
      }),
    ).rejects.toMatchObject({ code: 'site_in_use', inTheWay: script });
    expect(await isThere(site)).toBe(true);
  });

  it('never lose a site that the script names in the end, whoever is cut short, in any race', async () => {
    for (let round = 0; round < 24; round += 1) {
      const [site, other, script] = [await newSite(), await newSite(), randomUUID()];
      let named: readonly string[] = [other];
      const change = async (sites: readonly string[], end: 'told' | 'cut short' | 'refused'): Promise<boolean> => {
        const id = randomUUID();
        if ((await directory.reserve(organizationId, script, sites, id)).length > 0) return false;
        await soon();
        if (end !== 'refused') named = sites;
        await soon();
        if (end !== 'cut short') close(script, id);
        return true;
      };
      const useOf: UseOf = async ({ siteId }) => {
        await soon();
        const seen = named.includes(siteId) ? 'pending' : 'not_named';
        await soon();
        return seen;
      };
      const ends = ['told', 'cut short', 'refused'] as const;
      const [isReserved] = await Promise.all([
        soon().then(() => change([site, other], ends[round % 3] ?? 'told')),
        soon().then(() => change([other], 'told')),
        soon()
          .then(() => remove(site, useOf))
          .catch(() => undefined),
      ]);
      const needed = named.filter((id) => id === site);
      expect(await directory.missing(organizationId, needed)).toEqual([]);
      expect(isReserved || needed.length === 0).toBe(true);
    }
  }, 60_000);
});
