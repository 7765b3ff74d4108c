import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCommandApi, type TestApi } from '../../testing/command-api.fixture.js';

const path = '/scripts/scheduled';
const siteId = (index: number) => `site_${String(index).padStart(20, '0')}`;

describe('POST /scripts/scheduled', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startCommandApi({ MAX_SITES: '2' });
  });

  afterAll(() => api.stop());

  it('answers with the whole resource, fields in the promised order', async () => {
    const body = api.aScript({ test_site_id: api.sites[1], notify: ['auth0|approver'], launch_at: '2090-01-01T02:00:00.1234567+02:00' });
    const answer = await api.call('POST', path, { body });
    expect(answer.status).toBe(201);
    expect(Object.entries(answer.json)).toEqual([
      ['id', expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)],
      ['created_by', 'auth0|author'],
      ['test_site_id', api.sites[1]],
      ['make_backup', false],
      ['abort_if_offline', false],
      ['description', body['description']],
      ['summary', null],
      ['script', body['script']],
      ['status', 'unauthorized'],
      ['authorized_at', null],
      ['cancelled_at', null],
      ['launch_at', '2090-01-01T00:00:00.123456Z'],
      ['t_minus', expect.stringMatching(/^in \d+ years$/)],
      ['started_at', null],
      ['sites', [api.sites[0]]],
      ['notify', ['auth0|approver']],
      ['progress', { completed: [], failed: [], pending: [] }],
      ['created_at', expect.stringMatching(/\.\d{6}Z$/)],
      ['updated_at', answer.json['created_at']],
    ]);
    expect(answer.headers.get('location')).toBe(`${path}/${String(answer.json['id'])}`);
    expect(answer.headers.get('etag')).toMatch(/^"1-[\w-]{22}"$/);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('keeps every byte of the script, and its hash', async () => {
    const script = '\t:put "é 🚀 \\t";\r\n# end\r\n';
    const id = await api.newScript({ script });
    const [created] = await api.eventsOf(id);
    expect(created?.data).toMatchObject({ script, scriptSha256: hash('sha256', script) });
  });

  it('records who asked, for whom, and in which conversation', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { 'Request-Id': 'request-of-the-test', traceparent };
    const answer = await api.call('POST', path, { body: api.aScript(), headers });
    const [created] = await api.eventsOf(String(answer.json['id']));
    expect(created).toMatchObject({
      type: 'scheduled-script.created.v1',
      revision: 0,
      metadata: {
        organizationId: 'org_a',
        actor: 'auth0|author',
        at: answer.json['created_at'],
        correlationId: 'request-of-the-test',
        causationId: 'request-of-the-test',
        traceparent: expect.stringContaining('0af7651916cd43dd8448eb211c80319c'),
      },
    });
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['a past launch', { launch_at: '2020-01-01T00:00:00Z' }, { status: 422, code: 'launch_at_in_past', param: 'launch_at' }],
    ['an unknown site', { sites: [siteId(1)] }, { status: 422, code: 'unknown_site', param: 'sites[0]' }],
    ['an unknown test site', { test_site_id: siteId(2) }, { status: 422, code: 'unknown_site', param: 'test_site_id' }],
    ['too many sites', { sites: [siteId(1), siteId(2), siteId(3)] }, { status: 422, code: 'parameter_invalid', param: 'sites' }],
    ['no description', { description: undefined }, { status: 422, code: 'parameter_missing', param: 'description' }],
    ['an empty script', { script: '' }, { status: 422, code: 'parameter_invalid', param: 'script' }],
    ['NUL in the script', { script: 'a\0b' }, { status: 422, code: 'parameter_invalid', param: 'script' }],
    ['a field of nobody', { dry_run: true }, { status: 400, code: 'parameter_unknown', param: 'dry_run' }],
  ])('refuses %s, and changes nothing', async (_, over, expected) => {
    const before = await api.rowCounts();
    const answer = await api.call('POST', path, { body: api.aScript(over) });
    expect({ status: answer.status, ...answer.json }).toMatchObject(expected);
    expect(await api.rowCounts()).toEqual(before);
  });

  it('names every site that is unknown, or another organization’s', async () => {
    const answer = await api.call('POST', path, { body: api.aScript({ sites: [api.foreignSite, api.sites[0]], test_site_id: siteId(9) }) });
    expect(answer.json).toMatchObject({
      code: 'unknown_site',
      param: 'sites[0]',
      errors: [
        { param: 'sites[0]', code: 'unknown_site', message: expect.stringContaining(api.foreignSite) },
        { param: 'test_site_id', code: 'unknown_site', message: expect.stringContaining(siteId(9)) },
      ],
    });
  });

  it.each<[string, string | Uint8Array<ArrayBuffer>, Record<string, string>, number, string]>([
    ['no JSON', '{"description": ', {}, 400, 'malformed_json'],
    ['no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), {}, 400, 'malformed_json'],
    ['a key twice', '{"script": "a", "script": "b"}', {}, 400, 'malformed_json'],
    ['a prototype', '{"__proto__": {"status": "scheduled"}}', {}, 400, 'malformed_json'],
    ['deep nesting', '['.repeat(100_000) + ']'.repeat(100_000), {}, 400, 'malformed_json'],
    ['more than 1 MiB', JSON.stringify({ script: 'a'.repeat(1_100_000) }), {}, 413, 'payload_too_large'],
    ['a form', 'script=a', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
    ['an array', '[]', {}, 422, 'parameter_invalid'],
    ['null', 'null', {}, 422, 'parameter_invalid'],
    ['nothing', '', {}, 422, 'parameter_missing'],
  ])('refuses %s as a body, and changes nothing', async (_, raw, headers, status, code) => {
    const before = await api.rowCounts();
    const answer = await api.call('POST', path, { raw, headers });
    expect({ status: answer.status, code: answer.json['code'], type: answer.json['type'] }).toEqual({
      status,
      code,
      type: 'invalid_request_error',
    });
    expect(Object.keys(answer.json).slice(0, 4)).toEqual(['type', 'code', 'message', 'doc_url']);
    expect(await api.rowCounts()).toEqual(before);
  });

  it('asks for a token first, then for syntax, then for the scope', async () => {
    const broken = { raw: '{' };
    expect(await api.call('POST', path, { ...broken, as: null })).toMatchObject({ status: 401, json: { code: 'token_missing' } });
    expect(await api.call('POST', path, { ...broken, as: 'viewer' })).toMatchObject({ status: 400, json: { code: 'malformed_json' } });
    expect(await api.call('POST', path, { body: { nobody: 1 }, as: 'viewer' })).toMatchObject({ json: { code: 'parameter_unknown' } });
    expect(await api.call('POST', path, { body: {}, as: 'viewer' })).toMatchObject({ status: 403, json: { code: 'scope_missing' } });
  });
});
