import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCommandApi, type TestApi } from '../testing/command-api.fixture.js';

const router = { name: 'Depot north', host: '10.20.0.1', username: 'runner', password: 'never-shown-again' };
const fingerprint = 'ab'.repeat(32);

describe('sites', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startCommandApi();
  });

  afterAll(() => api.stop());

  const post = (over: Record<string, unknown> = {}) => api.call('POST', '/sites', { body: { ...router, ...over } });
  const newSite = async (over: Record<string, unknown> = {}) => String((await post(over)).json['id']);
  const patch = (id: string, body: unknown, headers: Record<string, string> = {}) => api.call('PATCH', `/sites/${id}`, { body, headers });
  const remove = (id: string, headers: Record<string, string> = {}) => api.call('DELETE', `/sites/${id}`, { headers });

  it('are registered with the defaults, and answered without the password', async () => {
    const answer = await post();
    const id = String(answer.json['id']);
    expect(answer.status).toBe(201);
    expect(Object.entries(answer.json)).toEqual([
      ['id', expect.stringMatching(/^site_[0-9A-Za-z]{24}$/)],
      ['name', 'Depot north'],
      ['host', '10.20.0.1'],
      ['port', 8729],
      ['tls', 'verify'],
      ['tls_fingerprint', null],
      ['username', 'runner'],
      ['serial', null],
      ['created_at', expect.stringMatching(/\.\d{6}Z$/)],
      ['updated_at', expect.stringMatching(/\.\d{6}Z$/)],
    ]);
    expect([answer.headers.get('location'), answer.headers.get('etag')]).toEqual([
      `/sites/${id}`,
      expect.stringMatching(/^"1-[\w-]{22}"$/),
    ]);
    const read = await api.call('GET', `/sites/${id}`, { as: 'viewer' });
    expect([read.status, read.text, read.headers.get('etag')]).toEqual([200, answer.text, answer.headers.get('etag')]);
  });

  it('take an id of the caller once', async () => {
    const id = 'site_Inventory0000000001';
    expect((await post({ id })).json['id']).toBe(id);
    expect(await post({ id })).toMatchObject({ status: 409, json: { code: 'site_already_exists' } });
  });

  it('come without TLS at the plain port only when it is asked for', async () => {
    expect((await post({ tls: 'none' })).json).toMatchObject({ tls: 'none', port: 8728 });
    expect((await post({ tls: 'pin', tls_fingerprint: fingerprint, port: 443 })).json).toMatchObject({
      tls_fingerprint: fingerprint,
      port: 443,
    });
  });

  it.each<[string, Record<string, unknown>, number, string, string]>([
    ['a metadata address', { host: '169.254.169.254' }, 422, 'parameter_invalid', 'host'],
    ['an address that hides one', { host: '::ffff:169.254.169.254' }, 422, 'parameter_invalid', 'host'],
    ['this machine', { host: '127.0.0.1' }, 422, 'parameter_invalid', 'host'],
    ['this machine by name', { host: 'localhost' }, 422, 'parameter_invalid', 'host'],
    ['a URL', { host: 'http://router' }, 422, 'parameter_invalid', 'host'],
    ['port 0', { port: 0 }, 422, 'parameter_invalid', 'port'],
    ['port 65536', { port: 65_536 }, 422, 'parameter_invalid', 'port'],
    ['a pin of nothing', { tls: 'pin' }, 422, 'parameter_missing', 'tls_fingerprint'],
    ['no password', { password: undefined }, 422, 'parameter_missing', 'password'],
    ['an id of another form', { id: 'router-1' }, 422, 'parameter_invalid', 'id'],
    ['an organization', { organization_id: 'org_b' }, 400, 'parameter_unknown', 'organization_id'],
  ])('refuse %s, and nothing is stored', async (_, over, status, code, param) => {
    const before = await api.rowCounts();
    expect(await post(over)).toMatchObject({ status, json: { code, param } });
    expect(await api.rowCounts()).toEqual(before);
  });

  it('refuse the same as a change, and stay as they are', async () => {
    const id = await newSite();
    const before = await api.call('GET', `/sites/${id}`);
    for (const change of [
      { host: '169.254.169.254' },
      { host: 'localhost' },
      { port: 0 },
      { tls_fingerprint: fingerprint },
      { id },
      [],
      null,
    ]) {
      expect([400, 422]).toContain((await patch(id, change)).status);
    }
    expect((await api.call('GET', `/sites/${id}`)).text).toBe(before.text);
  });

  it('change in what a PATCH names', async () => {
    const id = await newSite({ serial: 'HC1' });
    const answer = await patch(id, { host: 'fd00::7', serial: null, password: 'another' });
    expect(answer).toMatchObject({ status: 200, json: { id, host: 'fd00::7', serial: null, name: 'Depot north' } });
    expect(answer.headers.get('etag')).toMatch(/^"2-/);
    expect(await patch(id, { tls: 'pin' })).toMatchObject({ status: 422, json: { code: 'parameter_missing', param: 'tls_fingerprint' } });
  });

  it('change and go in the version that was read, which is asked for before the body', async () => {
    const id = await newSite();
    expect(await patch(id, { port: 0 }, { 'If-Match': '"2-x"' })).toMatchObject({ status: 412, json: { code: 'revision_mismatch' } });
    expect(await patch('site_ofNobody00000001', { port: 0 })).toMatchObject({ status: 404, json: { code: 'site_not_found' } });
    expect((await patch(id, { name: 'x' }, { 'If-Match': '"1-x"' })).status).toBe(200);
    expect((await remove(id, { 'If-Match': '"1-x"' })).status).toBe(412);
    expect((await remove(id, { 'If-Match': '"2-x"' })).status).toBe(204);
    expect((await remove(id)).status).toBe(404);
    expect((await api.call('GET', `/sites/${id}`)).status).toBe(404);
  });

  it('answer with 304 to who has them already', async () => {
    const created = await post();
    const headers = { 'If-None-Match': created.headers.get('etag') ?? '' };
    const answer = await api.call('GET', `/sites/${String(created.json['id'])}`, { headers });
    expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', created.headers.get('etag')]);
  });

  it('are listed page by page, with the way to the next page in a header', async () => {
    const ids: string[] = [];
    let next: string | undefined = '/sites?limit=2';
    while (next !== undefined) {
      const { status, text, headers }: Awaited<ReturnType<TestApi['call']>> = await api.call('GET', next, { as: 'viewer' });
      const page = JSON.parse(text) as { id: string }[];
      expect([status, page.length <= 2]).toEqual([200, true]);
      ids.push(...page.map(({ id }) => id));
      next = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
    }
    const all = JSON.parse((await api.call('GET', '/sites')).text) as { id: string }[];
    expect(ids).toEqual(all.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(4);
    expect((await api.call('GET', '/sites?limit=0')).status).toBe(422);
    expect(await api.call('GET', '/sites?cursor=made-up')).toMatchObject({
      status: 422,
      json: { code: 'parameter_invalid', param: 'cursor' },
    });
    expect((await api.call('GET', '/sites?page=2')).json['code']).toBe('parameter_unknown');
  });

  it.each(['%00', 'site_%00aaaaaaaaaaaaaaaaaaa', '..%2fsites', "site_'; DROP TABLE sites; --"])('are not found at %s', async (id) => {
    expect((await api.call('GET', `/sites/${id}`)).status).toBe(404);
    expect((await remove(id)).status).toBe(404);
  });

  it('keep their passwords out of answers, events and logs', async () => {
    const id = await newSite({ password: 'first-visible-secret' });
    const texts = [
      await patch(id, { password: 'second-visible-secret' }),
      await api.call('GET', `/sites/${id}`),
      await api.call('GET', '/sites'),
    ];
    await patch(id, { password: 'third-visible-secret', port: 0 });
    const script = await api.newScript({ sites: [id] });
    const events = JSON.stringify(await api.eventsOf(script));
    expect(
      [...texts.map(({ text }) => text), events, api.logged()].filter((text) => /visible-secret|never-shown-again/.test(text)),
    ).toEqual([]);
    expect(api.logged()).toContain('"route":"/sites"');
  });
});

describe('sites with ALLOW_LOOPBACK_SITES', () => {
  it('may lie on this machine, and still not anywhere', async () => {
    const api = await startCommandApi({ ALLOW_LOOPBACK_SITES: 'true' });
    const statusOf = async (host: string) => (await api.call('POST', '/sites', { body: { ...router, host } })).status;
    expect(await Promise.all(['127.0.0.1', 'localhost', '::1', '169.254.169.254'].map(statusOf))).toEqual([201, 201, 201, 422]);
    await api.stop();
  });
});
