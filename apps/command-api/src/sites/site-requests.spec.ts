import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCommandApi, type Answer, type CallOptions, type TestApi } from '../testing/command-api.fixture.js';

const router = { name: 'Depot north', host: '10.20.0.1', username: 'runner', password: 'secret' };
const nobodys = 'site_ofNobody00000001';
const fingerprint = 'ab'.repeat(32);

const brief = ({ status, json }: Answer) => [status, json['code']];
const long = (length: number) => 'x'.repeat(length);

describe('requests about sites', () => {
  let api: TestApi;
  let site: string;

  beforeAll(async () => {
    api = await startCommandApi();
    site = await newSite();
  });

  afterAll(() => api.stop());

  const post = (over: Record<string, unknown> = {}, options: CallOptions = {}) =>
    api.call('POST', '/sites', { body: { ...router, ...over }, ...options });
  const newSite = async (over: Record<string, unknown> = {}) => String((await post(over)).json['id']);
  const patch = (id: string, body: unknown, headers: Record<string, string> = {}) => api.call('PATCH', `/sites/${id}`, { body, headers });

  describe('are judged in this order', () => {
    const unknown = { body: { ...router, colour: 'red' } };

    it('who asks, how it is written, who may, what is there, which version, and what it means', async () => {
      const path = `/sites/${nobodys}`;
      const headers = { 'If-Match': '"7-x"' };
      const ask = async (where: string, options: CallOptions) => brief(await api.call('PATCH', where, { headers, ...options }));
      expect(await ask(path, { as: null, raw: '{' })).toEqual([401, 'token_missing']);
      expect(await ask(path, { as: 'viewer', raw: '{' })).toEqual([400, 'malformed_json']);
      expect(await ask(path, { as: 'viewer', raw: 'x', headers: { 'Content-Type': 'text/plain' } })).toEqual([
        415,
        'unsupported_media_type',
      ]);
      expect(await ask(path, { as: 'viewer', body: { name: 'x'.repeat(1_100_000) } })).toEqual([413, 'payload_too_large']);
      expect(await ask(path, { as: 'viewer', body: { colour: 'red' } })).toEqual([400, 'parameter_unknown']);
      expect(await ask(path, { as: 'viewer', body: { port: 0 } })).toEqual([403, 'scope_missing']);
      expect(await ask(path, { body: { port: 0 } })).toEqual([404, 'site_not_found']);
      expect(await ask(`/sites/${site}`, { body: { port: 0 } })).toEqual([412, 'revision_mismatch']);
      expect(await ask(`/sites/${site}`, { body: { port: 0 }, headers: {} })).toEqual([422, 'parameter_invalid']);
    });

    it('the same where one is registered or removed', async () => {
      expect(brief(await post({}, { as: null, ...unknown }))).toEqual([401, 'token_missing']);
      expect(brief(await post({}, { as: 'viewer', ...unknown }))).toEqual([400, 'parameter_unknown']);
      expect(brief(await post({ port: 0 }, { as: 'viewer' }))).toEqual([403, 'scope_missing']);
      const used = await newSite();
      await api.newScript({ sites: [used] });
      const remove = (id: string, options: CallOptions) => api.call('DELETE', `/sites/${id}`, options);
      expect(brief(await remove(used, { as: 'viewer', body: { force: true } }))).toEqual([400, 'parameter_unknown']);
      expect(brief(await remove(used, { as: 'viewer' }))).toEqual([403, 'scope_missing']);
      expect(brief(await remove(nobodys, { headers: { 'If-Match': '"7-x"' } }))).toEqual([404, 'site_not_found']);
      expect(brief(await remove(used, { headers: { 'If-Match': '"7-x"' } }))).toEqual([412, 'revision_mismatch']);
      expect(brief(await remove(used, {}))).toEqual([409, 'site_in_use']);
    });

    it('and paths take only their methods', async () => {
      for (const [method, path, allowed] of [
        ['PUT', `/sites/${site}`, 'GET'],
        ['DELETE', '/sites', 'POST'],
      ] as const) {
        const answer = await api.call(method, path, {});
        expect(brief(answer)).toEqual([405, 'method_not_allowed']);
        expect(answer.headers.get('allow')).toContain(allowed);
      }
    });
  });

  describe('name what is wrong with', () => {
    it.each<[string, unknown]>([
      ['name', ''],
      ['name', long(201)],
      ['name', 'a\0b'],
      ['name', '\ud800'],
      ['name', 'Depot\r\nnorth'],
      ['name', 'Depot \u202ehtron'],
      ['name', 7],
      ['name', null],
      ['host', ''],
      ['host', '10.0.0.1:8728'],
      ['host', '10.0.0.0/8'],
      ['host', 'a..b'],
      ['host', '-a.example'],
      ['host', `${long(64)}.example`],
      ['host', 'router example'],
      ['host', '[::1]'],
      ['host', 'fe80::1%eth0'],
      ['host', '64:ff9b::169.254.169.254'],
      ['host', '2002:a9fe:a9fe::1'],
      ['host', '0.0.0.0'],
      ['host', '::'],
      ['host', '224.0.0.1'],
      ['host', '100.100.100.200'],
      ['port', -1],
      ['port', 1.5],
      ['port', '8728'],
      ['tls', 'off'],
      ['tls', null],
      ['tls_fingerprint', long(64)],
      ['tls_fingerprint', 'ab'.repeat(31)],
      ['tls_fingerprint', `sha256:${fingerprint}`],
      ['username', ''],
      ['username', long(256)],
      ['username', 'runner\u0007'],
      ['password', null],
      ['password', long(256)],
      ['password', 'a\0b'],
      ['serial', ''],
      ['serial', long(65)],
      ['serial', 'HC1\n'],
    ])('%s: %j', async (param, value) => {
      const pinned = param === 'tls_fingerprint' ? { tls: 'pin' } : {};
      const expected = { status: 422, json: { type: 'invalid_request_error', code: 'parameter_invalid', param } };
      expect(await post({ ...pinned, [param]: value })).toMatchObject(expected);
      expect(await patch(site, { ...pinned, [param]: value })).toMatchObject(expected);
    });

    it.each(['name', 'host', 'username', 'password'])('a site without %s', async (param) => {
      expect(await post({ [param]: undefined })).toMatchObject({ status: 422, json: { code: 'parameter_missing', param } });
    });

    it('everything at once', async () => {
      const { json } = await post({ name: '', port: 0, serial: '' });
      expect((json['errors'] as { param: string }[]).map(({ param }) => param).toSorted()).toEqual(['name', 'port', 'serial']);
    });
  });

  it('leave a name as it is that is older than the rule for names', async () => {
    const id = await newSite();
    const name = 'Depot\r\nnorth';
    await api.database.query('UPDATE site_directory.sites SET name = $2 WHERE id = $1', [id, name]);
    expect(await api.call('GET', `/sites/${id}`)).toMatchObject({ status: 200, json: { name } });
    expect(await patch(id, { port: 443 })).toMatchObject({ status: 200, json: { name, port: 443 } });
    expect(await patch(id, { name: 'Depot north' })).toMatchObject({ status: 200, json: { name: 'Depot north' } });
  });

  it('take the forms in which fingerprints are written, and answer with one', async () => {
    for (const written of [fingerprint, fingerprint.toUpperCase(), (fingerprint.match(/../g) ?? []).join(':')]) {
      expect((await post({ tls: 'pin', tls_fingerprint: written })).json).toMatchObject({ tls: 'pin', tls_fingerprint: fingerprint });
    }
    const id = await newSite();
    expect(await patch(id, { tls: 'pin', tls_fingerprint: fingerprint.toUpperCase() })).toMatchObject({
      json: { tls_fingerprint: fingerprint },
    });
    expect(await patch(id, { tls: 'verify' })).toMatchObject({ status: 200, json: { tls_fingerprint: null } });
  });

  it('may bring an id, and say of a second one that it is there, whatever else they say', async () => {
    const id = 'site_Inventory0000000002';
    expect((await post({ id, serial: 'HC-ID' })).status).toBe(201);
    for (const over of [{}, { name: 'Another' }, { serial: 'HC-ID' }]) {
      expect(await post({ id, ...over })).toMatchObject({ status: 409, json: { type: 'conflict_error', code: 'site_already_exists' } });
    }
    expect((await api.call('GET', `/sites/${id}`)).json).toMatchObject({ id, name: 'Depot north', serial: 'HC-ID' });
    expect((await post({ id }, { as: 'stranger' })).status).toBe(201);
  });

  it('keep one router one site of an organization', async () => {
    const first = await newSite({ serial: 'HC1234' });
    const taken = {
      status: 409,
      json: { type: 'conflict_error', code: 'site_serial_taken', param: 'serial', message: expect.stringContaining(first) },
    };
    expect(await post({ serial: 'HC1234' })).toMatchObject(taken);
    const second = await newSite();
    expect(await patch(second, { serial: 'HC1234', name: 'Other' })).toMatchObject(taken);
    expect((await api.call('GET', `/sites/${second}`)).json).toMatchObject({ serial: null, name: 'Depot north' });
    expect(await patch(first, { serial: 'HC1234' })).toMatchObject({ status: 200 });
    const foreign = await post({ serial: 'HC1234' }, { as: 'stranger' });
    expect(foreign.status).toBe(201);
    expect((await patch(first, { serial: null })).status).toBe(200);
    expect(await patch(second, { serial: 'HC1234' })).toMatchObject({ status: 200, json: { serial: 'HC1234' } });
  });

  it('move a site from the usual port of its mode to that of the new one', async () => {
    const id = await newSite();
    expect(await patch(id, { tls: 'none' })).toMatchObject({ json: { tls: 'none', port: 8728 } });
    expect(await patch(id, { tls: 'pin', tls_fingerprint: fingerprint })).toMatchObject({ json: { tls: 'pin', port: 8729 } });
    expect(await patch(id, { tls: 'none', port: 8729 })).toMatchObject({ json: { tls: 'none', port: 8729 } });
    const chosen = await newSite({ port: 4443 });
    expect(await patch(chosen, { tls: 'none' })).toMatchObject({ json: { tls: 'none', port: 4443 } });
  });

  it('have a tag of the version that they answer, and none for what nothing was changed in', async () => {
    const created = await post();
    const id = String(created.json['id']);
    const tags = [created.headers.get('etag')];
    const change = async (body: unknown, headers: Record<string, string> = {}) => {
      const answer = await patch(id, body, headers);
      tags.push(answer.headers.get('etag'));
      return answer;
    };
    await change({});
    expect(tags[1]).toBe(tags[0]);
    await change({ password: 'another' }, { 'If-Match': tags[0] ?? '' });
    expect(tags[2]).toMatch(/^"2-/);
    expect((await change({ name: 'x' }, { 'If-Match': `W/${tags[2]}` })).status).toBe(200);
    expect((await change({ name: 'y' }, { 'If-Match': '*' })).status).toBe(200);
    expect((await change({ name: 'z' }, { 'If-Match': tags[0] ?? '' })).status).toBe(412);
    expect((await change({ name: 'z' }, { 'If-Match': 'yesterday' })).status).toBe(400);
    const read = (headers: Record<string, string>) => api.call('GET', `/sites/${id}`, { headers });
    const current = (await read({})).headers.get('etag') ?? '';
    expect((await read({ 'If-None-Match': `"1-other", W/${current}` })).status).toBe(304);
    expect((await read({ 'If-None-Match': tags[0] ?? '' })).status).toBe(200);
  });
});
