import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '../service.js';
import { definitionOf, startTest } from '../testing/fixture.js';
import { ThingsModule } from '../testing/things.module.js';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

describe('the input of a request', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startTest(definitionOf(ThingsModule));
  });

  afterAll(() => service.stop());

  const send = async (method: string, path: string, body?: string | Uint8Array, type = 'application/json'): Promise<Answer> => {
    const init = body === undefined ? {} : { body, headers: { 'content-type': type } };
    const response = await fetch(`${service.url}${path}`, { method, ...init });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const post = (body: string | Uint8Array, type?: string): Promise<Answer> => send('POST', '/things', body, type);

  it('reaches the handler as its schema makes it', async () => {
    expect(await post('{"name":"a"}')).toMatchObject({ status: 201, body: { draft: { name: 'a', sites: [] } } });
    expect(await send('GET', '/things?limit=3&status=open')).toMatchObject({ body: { filter: { limit: 3, status: 'open' } } });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'Application/JSON'])(
    'may be %s',
    async (type) => {
      expect((await post('{"name":"é"}', type)).body).toMatchObject({ draft: { name: 'é' } });
    },
  );

  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json; charset=latin1',
    'application/merge-patch+json',
    'nonsense',
  ])('may not be %s', async (type) => {
    expect(await post('{"name":"a"}', type)).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });

  it.each([
    ['gzip', 415],
    ['br', 415],
    ['identity, gzip', 415],
    ['x', 415],
    ['identity', 201],
    ['Identity, identity', 201],
    ['', 201],
  ])('may be encoded as %j: %i', async (coding, status) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': coding };
    const answer = await fetch(`${service.url}/things`, { method: 'POST', body: '{"name":"a"}', headers });
    expect([answer.status, answer.headers.get('accept-encoding')]).toEqual([status, status === 415 ? 'identity' : null]);
    expect(await answer.json()).toMatchObject(status === 415 ? { code: 'unsupported_media_type' } : { draft: { name: 'a' } });
  });

  it.each([
    ['half of it', '{"name":"a"'],
    ['no JSON', 'name=a'],
    ['a comment', '{"name":"a"} // so'],
    ['two documents', '{"name":"a"}{"name":"b"}'],
    ['a key twice', '{"name":"a","name":"b"}'],
    ['a key twice, once escaped', String.raw`{"name":"a","n\u0061me":"b"}`],
    ['a key twice further in', '{"name":"a","owner":{"mail":"a@b.example","mail":"c@d.example"}}'],
    ['a prototype', '{"name":"a","__proto__":{"admin":true}}'],
    ['an escaped prototype', String.raw`{"name":"a","__pr\u006fto__":{}}`],
    ['a constructor', '{"name":"a","constructor":{"prototype":{}}}'],
    ['a prototype further in', '{"name":"a","sites":[{"__proto__":1}]}'],
    ['deep nesting', `{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-16', Buffer.from('{"name":"x"}', 'utf16le')],
  ])('is malformed: %s', async (_name, body) => {
    expect(await post(body)).toMatchObject({ status: 400, body: { type: 'invalid_request_error', code: 'malformed_json' } });
  });

  it('may be 1 MiB long and not a byte more', async () => {
    const frame = '{"name":""}';
    const ofLength = (bytes: number) => `{"name":"${'x'.repeat(bytes - frame.length)}"}`;
    expect(await post(ofLength(1_048_576))).toMatchObject({ status: 422 });
    expect(await post(ofLength(1_048_577))).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
  });

  it('may be missing where none is needed, under any media type', async () => {
    const bodies = [[], [''], ['', 'application/x-www-form-urlencoded'], ['{}']] as const;
    const answers = await Promise.all(bodies.map(([body, type]) => send('POST', '/things/42/start', body, type)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  });

  it('is not taken where none is declared', async () => {
    expect(await send('POST', '/things/42/start', '{"sites":["site_1"]}')).toMatchObject({
      status: 400,
      body: { code: 'parameter_unknown', param: 'sites' },
    });
    expect(await send('POST', '/things/42/start?dry_run=1')).toMatchObject({ status: 400, body: { param: 'dry_run' } });
    for (const body of ['7', '"x"', 'null', 'false', '[]', '[{}]', '["sites"]']) {
      expect([body, await send('POST', '/things/42/start', body)]).toMatchObject([body, { status: 400, body: { param: 'body' } }]);
    }
  });

  it.each([
    ['{"name":"a","colour":1}', 400, 'parameter_unknown', 'colour'],
    ['{"name":"a","owner":{"mail":"a@b.example","age":3}}', 400, 'parameter_unknown', 'owner.age'],
    ['{"colour":1}', 400, 'parameter_unknown', 'colour'],
    ['{}', 422, 'parameter_missing', 'name'],
    ['', 422, 'parameter_missing', 'body'],
    ['[]', 422, 'parameter_invalid', 'body'],
    ['null', 422, 'parameter_invalid', 'body'],
    ['{"name":7}', 422, 'parameter_invalid', 'name'],
    ['{"name":null}', 422, 'parameter_invalid', 'name'],
    ['{"name":"a","sites":["site_1","router"]}', 422, 'parameter_invalid', 'sites[1]'],
    ['{"name":"a","owner":{}}', 422, 'parameter_missing', 'owner.mail'],
  ])('names what is wrong: %s', async (body, status, code, param) => {
    expect(await post(body)).toMatchObject({ status, body: { type: 'invalid_request_error', code, param } });
  });

  it('names everything that is wrong, what is unknown first', async () => {
    const { body } = await post('{"at":"soon","colour":1}');
    expect(body['errors']).toEqual([
      { param: 'colour', code: 'parameter_unknown', message: 'There is no such parameter here.' },
      { param: 'name', code: 'parameter_missing', message: 'This is required.' },
      { param: 'at', code: 'parameter_invalid', message: expect.any(String) },
    ]);
  });

  it('is not given back at length', async () => {
    const sites = JSON.stringify(Array.from({ length: 5_000 }, () => 'router'));
    const { body } = await post(`{"name":"a","sites":${sites}}`);
    expect((body['errors'] as unknown[]).length).toBe(50);
    const long = await post(`{"name":"a","${'k'.repeat(10_000)}":1}`);
    expect(String(long.body['param']).length).toBeLessThan(250);
  });

  it.each([
    ['/things?limit=many', 422, 'parameter_invalid', 'limit'],
    ['/things?limit=1&limit=2', 422, 'parameter_invalid', 'limit'],
    ['/things?status=lost', 422, 'parameter_invalid', 'status'],
    ['/things?statuss=open', 400, 'parameter_unknown', 'statuss'],
    ['/things?__proto__=1', 400, 'parameter_unknown', '__proto__'],
    ['/things/launches?x=1', 400, 'parameter_unknown', 'x'],
    ['/things/not-a-uuid', 422, 'parameter_invalid', 'id'],
  ])('names what is wrong: GET %s', async (path, status, code, param) => {
    expect(await send('GET', path)).toMatchObject({ status, body: { code, param } });
  });

  it('can be judged after the handler has looked for its subject', async () => {
    expect(await send('PUT', '/things/unknown', '{}')).toMatchObject({ status: 404, body: { code: 'thing_not_found' } });
    expect(await send('PUT', '/things/unknown', '{"colour":1}')).toMatchObject({ status: 400, body: { code: 'parameter_unknown' } });
    expect(await send('PUT', '/things/known', '{}')).toMatchObject({ status: 422, body: { code: 'parameter_missing', param: 'name' } });
    expect(await send('PUT', '/things/known', '{"name":"a"}')).toEqual({ status: 200, body: { name: 'a', sites: [] } });
  });
});
