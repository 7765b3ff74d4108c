import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '@scheduled-scripts/postgres';
import type { SiteDirectory, SiteUse, UseOf } from './index.js';
import { startReservedSites, type ReservedSites } from './testing/reserved-sites.js';

const organization = 'org_a';

const saying =
  (use: SiteUse): UseOf =>
  () =>
    Promise.resolve(use);

describe('sites in use', () => {
  let stage: ReservedSites;
  let database: Database;
  let directory: SiteDirectory;

  beforeAll(async () => {
    stage = await startReservedSites(organization);
    ({ database, directory } = stage);
  });

  afterAll(() => stage.stop());

  const newSite = () => stage.newSite();
  const remove = (id: string, useOf: UseOf) => stage.remove(id, useOf);
  const usesOf = async (siteId: string) =>
    (await database.query<{ script_id: string }>('SELECT script_id FROM site_uses WHERE site_id = $1', [siteId])).map(
      (row) => row.script_id,
    );
  const age = (scriptId: string) =>
    database.query(`UPDATE site_uses SET reserved_at = reserved_at - interval '2 minutes' WHERE script_id = $1`, [scriptId]);

  it('reserves all or nothing, and names what is missing', async () => {
    const [site, script] = [await newSite(), randomUUID()];
    const foreign = 'site_ofNobody00000001';
    expect(await directory.reserve(organization, script, [foreign, site])).toEqual([foreign]);
    expect(await usesOf(site)).toEqual([]);
    expect(await directory.reserve(organization, script, [site])).toEqual([]);
    expect(await directory.reserve(organization, script, [site, site])).toEqual([]);
    expect(await usesOf(site)).toEqual([script]);
  });

  it('keeps a site that a pending script uses, however old the reservation is', async () => {
    const [site, script] = [await newSite(), randomUUID()];
    await directory.reserve(organization, script, [site]);
    await age(script);
    await expect(remove(site, saying('pending'))).rejects.toMatchObject({ code: 'site_in_use', inTheWay: script });
    expect(await directory.get(organization, site)).not.toBeNull();
    expect(await usesOf(site)).toEqual([script]);
  });

  it('asks about each script that reserved the site, and forgets those that are over', async () => {
    const site = await newSite();
    const [over, pending] = [randomUUID(), randomUUID()];
    await directory.reserve(organization, pending, [site]);
    await age(pending);
    await directory.reserve(organization, over, [site]);
    const useOf: UseOf = ({ organizationId, siteId, scriptId }) => {
      expect({ organizationId, siteId }).toEqual({ organizationId: organization, siteId: site });
      return Promise.resolve(scriptId === pending ? 'pending' : 'over');
    };
    await expect(remove(site, useOf)).rejects.toMatchObject({ code: 'site_in_use' });
    expect(await usesOf(site)).toEqual([pending]);
    await remove(site, saying('over'));
    expect(await usesOf(site)).toEqual([]);
    expect(await directory.get(organization, site)).toBeNull();
  });

  it('gives an append that may create a script its time', async () => {
    const [site, script] = [await newSite(), randomUUID()];
    await directory.reserve(organization, script, [site]);
    await expect(remove(site, saying('absent'))).rejects.toMatchObject({ code: 'site_reserved', inTheWay: script });
    await age(script);
    await directory.reserve(organization, script, [site]);
    await expect(remove(site, saying('absent'))).rejects.toMatchObject({ code: 'site_reserved' });
    await age(script);
    await remove(site, saying('absent'));
    expect(await directory.get(organization, site)).toBeNull();
  });

  it('waits for a script that is just being created, and stays for it', async () => {
    const [site, script] = [await newSite(), randomUUID()];
    await directory.reserve(organization, script, [site]);
    let looks = 0;
    const useOf: UseOf = () => Promise.resolve((looks += 1) < 3 ? 'absent' : 'pending');
    await expect(remove(site, useOf)).rejects.toMatchObject({ code: 'site_in_use', inTheWay: script });
  });

  it('lets a site go that a script has named and names no more, however fresh the reservation is', async () => {
    const [site, script] = [await newSite(), randomUUID()];
    await directory.reserve(organization, script, [site]);
    await remove(site, saying('not_named'));
    expect(await usesOf(site)).toEqual([]);
  });

  it('lets no reservation in while a removal decides, and refuses it afterwards', async () => {
    const [site, script] = [await newSite(), randomUUID()];
    await directory.reserve(organization, randomUUID(), [site]);
    let late: Promise<readonly string[]> | undefined;
    const decidingSlowly: UseOf = async () => {
      late = directory.reserve(organization, script, [site]);
      await database.query('SELECT pg_sleep(0.05)');
      return 'over';
    };
    await remove(site, decidingSlowly);
    expect(await late).toEqual([site]);
    expect(await usesOf(site)).toEqual([]);
  });

  it('never removes a site under a reservation, in any race', async () => {
    for (let round = 0; round < 20; round += 1) {
      const [site, script] = [await newSite(), randomUUID()];
      const [reserved, removed] = await Promise.allSettled([
        directory.reserve(organization, script, [site]),
        remove(site, saying('pending')),
      ]);
      const isReserved = reserved.status === 'fulfilled' && reserved.value.length === 0;
      expect(isReserved).toBe(removed.status === 'rejected');
      expect((await directory.get(organization, site)) !== null).toBe(isReserved);
    }
  });

  it('does not hold off a change of the site', async () => {
    const site = await newSite();
    await database.transaction(async (tx) => {
      await tx.query('SELECT FROM sites WHERE id = $1 FOR KEY SHARE', [site]);
      expect((await directory.update(organization, site, { name: 'changed' })).name).toBe('changed');
    });
  });

  it('prunes what is over, also when the site is still there', async () => {
    const [site, over, pending, fresh] = [await newSite(), randomUUID(), randomUUID(), randomUUID()];
    for (const script of [over, pending, fresh]) await directory.reserve(organization, script, [site]);
    await age(over);
    await age(pending);
    const mine = new Set<string>([over, pending, fresh]);
    const asked: string[] = [];
    const pruned = await directory.pruneUses(({ organizationId, scriptId }) => {
      if (mine.has(scriptId)) asked.push(`${organizationId} ${scriptId}`);
      return Promise.resolve(scriptId === over);
    });
    expect(pruned).toBe(1);
    expect(asked.toSorted()).toEqual([`org_a ${over}`, `org_a ${pending}`].toSorted());
    expect((await usesOf(site)).toSorted()).toEqual([pending, fresh].toSorted());
  });

  it('prunes nothing that is reserved again meanwhile', async () => {
    const [site, script] = [await newSite(), randomUUID()];
    await directory.reserve(organization, script, [site]);
    await age(script);
    await directory.pruneUses(async ({ scriptId }) => {
      if (scriptId !== script) return false;
      await directory.reserve(organization, script, [site]);
      return true;
    });
    expect(await usesOf(site)).toEqual([script]);
  });

  it('reserves ten thousand sites at once', async () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `site_${String(index).padStart(20, '0')}`);
    await database.query(
      `INSERT INTO sites (organization_id, id, name, host, port, tls, username, password_sealed, password_key_id)
       SELECT $1, id, 'n', '10.0.0.1', 8728, 'none', 'u', '\\x00', 'k1' FROM unnest($2::text[]) AS id`,
      [organization, ids],
    );
    const script = randomUUID();
    expect(await directory.reserve(organization, script, ids)).toEqual([]);
    expect(await usesOf(ids[0] ?? '')).toEqual([script]);
  });
});
