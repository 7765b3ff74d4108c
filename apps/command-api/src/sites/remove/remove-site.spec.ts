import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StoreUnavailable, StreamBusy } from '@scheduled-scripts/event-store';
import { ApiError } from '@scheduled-scripts/platform';
import { completed, launchedByNow, startCommandApi, type TestApi } from '../../testing/command-api.fixture.js';
import { scriptsOf } from '../../testing/scripts-of.js';

const author = { sub: 'auth0|author', organizationId: 'org_a' };

describe('sites in use', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startCommandApi();
  });

  afterAll(() => api.stop());

  const newSite = async (): Promise<string> => {
    const { json } = await api.call('POST', '/sites', {
      body: { name: 'Depot', host: '10.20.0.1', username: 'runner', password: 'secret' },
    });
    return String(json['id']);
  };
  const remove = (id: string) => api.call('DELETE', `/sites/${id}`);

  it('stay while a pending script targets them, or tests on them', async () => {
    const [target, tested] = [await newSite(), await newSite()];
    const script = await api.newScript({ sites: [target], test_site_id: tested });
    for (const id of [target, tested]) {
      expect(await remove(id)).toMatchObject({
        status: 409,
        json: { type: 'conflict_error', code: 'site_in_use', message: expect.stringContaining(script) },
      });
    }
    await api.call('DELETE', `/scripts/scheduled/${script}`);
    for (const id of [target, tested]) expect((await remove(id)).status).toBe(204);
  });

  it('stay until the rollout has ended', async () => {
    const site = await newSite();
    const script = await api.newScript({ sites: [site] });
    await api.call('POST', `/scripts/scheduled/${script}/authorize`, { as: 'approver' });
    await api.record(script, launchedByNow);
    expect((await remove(site)).status).toBe(409);
    await api.record(script, completed);
    expect((await remove(site)).status).toBe(204);
  });

  it('go as soon as a script that named them names others', async () => {
    const [target, tested, other] = [await newSite(), await newSite(), await newSite()];
    const script = await api.newScript({ sites: [target, other], test_site_id: tested });
    const put = (over: Record<string, unknown>) => api.call('PUT', `/scripts/scheduled/${script}`, { body: api.aScript(over) });
    expect((await put({ sites: [other], test_site_id: null })).status).toBe(200);
    expect([(await remove(target)).status, (await remove(tested)).status, (await remove(other)).status]).toEqual([204, 204, 409]);
    const another = await newSite();
    expect((await put({ sites: [another] })).status).toBe(200);
    expect([(await remove(other)).status, (await remove(another)).status]).toEqual([204, 409]);
  });

  it('stay for a minute for a request that was cut short, and say so', async () => {
    const [kept, target] = [await newSite(), await newSite()];
    const script = await api.newScript({ sites: [target] });
    const cutShort = scriptsOf(api, { decide: () => Promise.reject(new StoreUnavailable('went away')) });
    const prepared = await cutShort.prepare(author, script);
    const plan = { ...prepared.state, sites: [kept] };
    await expect(cutShort.revise(author, { type: 'revise', ifVersions: undefined, plan }, prepared)).rejects.toThrow('went away');
    const answer = await remove(kept);
    expect(answer).toMatchObject({
      status: 409,
      json: { code: 'site_in_use', message: expect.stringContaining('less than a minute ago') },
    });
    expect([answer.json['message'], answer.headers.get('retry-after')]).toEqual([expect.stringContaining(script), '60']);
    await api.database.query(`UPDATE site_directory.open_changes SET reserved_at = reserved_at - interval '1 minute'`);
    expect((await remove(kept)).status).toBe(204);
  });

  it('go at once when the change that wanted them is known to have come to nothing', async () => {
    const [kept, target] = [await newSite(), await newSite()];
    const script = await api.newScript({ sites: [target] });
    for (const decide of [
      () => Promise.reject(new StreamBusy('a script', 8)),
      () => Promise.resolve({ ok: false, rejection: { code: 'script_cancelled' }, state: null } as const),
    ]) {
      const scripts = scriptsOf(api, { decide });
      const prepared = await scripts.prepare(author, script);
      const plan = { ...prepared.state, sites: [kept] };
      await expect(scripts.revise(author, { type: 'revise', ifVersions: undefined, plan }, prepared)).rejects.toBeInstanceOf(ApiError);
    }
    expect((await remove(kept)).status).toBe(204);
  });

  it('are never removed under changes of a script, in any race', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [site, other] = [await newSite(), await newSite()];
      const script = await api.newScript({ sites: [site, other] });
      const put = (sites: readonly string[]) => api.call('PUT', `/scripts/scheduled/${script}`, { body: api.aScript({ sites }) });
      const [out, back, removed] = await Promise.all([put([other]), put([site]), remove(site)]);
      const named = (await api.eventsOf(script)).at(-1)?.data['sites'] as readonly string[];
      expect([out.status, [200, 422].includes(back.status), [204, 409].includes(removed.status)]).toEqual([200, true, true]);
      expect(removed.status === 204 && named.includes(site)).toBe(false);
      expect((await api.call('GET', `/sites/${site}`)).status).toBe(removed.status === 204 ? 404 : 200);
    }
  });

  it('are never removed under a script, in any race', async () => {
    for (let round = 0; round < 10; round += 1) {
      const site = await newSite();
      const [created, removed] = await Promise.all([
        api.call('POST', '/scripts/scheduled', { body: api.aScript({ sites: [site] }) }),
        remove(site),
      ]);
      expect([created.status, removed.status]).toEqual(removed.status === 204 ? [422, 204] : [201, 409]);
    }
  });
});
