import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCommandApi, type TestApi } from './testing/command-api.fixture.js';

const nobodys = { script: '018f5bda-4690-7432-8472-358b2734f19b', site: 'site_ofNobody00000001' };

const endpoints: readonly (readonly [method: string, path: (ids: typeof nobodys) => string, body: 'script' | 'site' | null])[] = [
  ['PUT', ({ script }) => `/scripts/scheduled/${script}`, 'script'],
  ['DELETE', ({ script }) => `/scripts/scheduled/${script}`, null],
  ['GET', ({ script }) => `/scripts/scheduled/${script}/authorize`, null],
  ['POST', ({ script }) => `/scripts/scheduled/${script}/authorize`, null],
  ['POST', ({ script }) => `/scripts/scheduled/${script}/test`, null],
  ['POST', ({ script }) => `/scripts/scheduled/${script}/launch`, null],
  ['POST', ({ script }) => `/scripts/scheduled/${script}/abort`, null],
  ['GET', ({ site }) => `/sites/${site}`, null],
  ['PATCH', ({ site }) => `/sites/${site}`, 'site'],
  ['DELETE', ({ site }) => `/sites/${site}`, null],
  ['POST', ({ site }) => `/sites/${site}/check`, null],
];

describe('another organization', () => {
  let api: TestApi;
  let theirs: typeof nobodys;

  beforeAll(async () => {
    api = await startCommandApi();
    const script = await api.newScript({ test_site_id: api.sites[0], notify: ['auth0|approver'] });
    theirs = { script, site: api.sites[0] ?? '' };
  });

  afterAll(() => api.stop());

  const bodyOf = (kind: 'script' | 'site' | null) =>
    kind === 'script' ? { body: api.aScript({ sites: [api.foreignSite] }) } : kind === 'site' ? { body: { name: 'Taken' } } : {};

  it.each(endpoints)('%s %s finds what is ours no more than what is not there', async (method, path, kind) => {
    const before = await api.rowCounts();
    const answer = await api.call(method, path(theirs), { as: 'stranger', ...bodyOf(kind) });
    const absent = await api.call(method, path(nobodys), { as: 'stranger', ...bodyOf(kind) });
    expect([answer.status, absent.status]).toEqual([404, 404]);
    expect(answer.json).toEqual(absent.json);
    expect(await api.rowCounts()).toEqual(before);
  });

  it.each(endpoints)('%s %s needs a token, and a scope', async (method, path, kind) => {
    expect((await api.call(method, path(theirs), { as: null, ...bodyOf(kind) })).status).toBe(401);
    const expected = path(theirs) === `/sites/${theirs.site}` && method === 'GET' ? 200 : 403;
    expect((await api.call(method, path(theirs), { as: 'viewer', ...bodyOf(kind) })).status).toBe(expected);
  });

  it('lists its own sites only', async () => {
    const { text } = await api.call('GET', '/sites', { as: 'stranger' });
    expect((JSON.parse(text) as { id: string }[]).map(({ id }) => id)).toEqual([api.foreignSite]);
  });

  it('may not use our sites', async () => {
    const answer = await api.call('POST', '/scripts/scheduled', { as: 'stranger', body: api.aScript() });
    expect(answer).toMatchObject({ status: 422, json: { code: 'unknown_site' } });
  });
});
