import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '../service.js';
import { definitionOf, recordingLogger, startTest } from '../testing/fixture.js';
import { ThingsModule } from '../testing/things.module.js';

describe('an error answer', () => {
  let service: RunningService;
  const recorded = recordingLogger();

  beforeAll(async () => {
    service = await startTest(definitionOf(ThingsModule), {}, recorded.logger);
  });

  afterAll(() => service.stop());

  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${service.url}${path}`, init);
    const text = await response.text();
    const body = (text === '' ? null : JSON.parse(text)) as Record<string, unknown> | null;
    return { status: response.status, code: body?.['code'], type: body?.['type'], body, headers: response.headers, text };
  };

  it('has the fields of the contract and no other', async () => {
    const { body, headers } = await get('/nothing');
    expect(body).toEqual({
      type: 'not_found_error',
      code: 'route_not_found',
      message: 'There is nothing at this address.',
      doc_url: 'https://docs.scheduled-scripts.example/errors#route_not_found',
    });
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['conflict', 409, 'conflict_error', 'script_cancelled'],
    ['structural', 412, 'conflict_error', 'revision_mismatch'],
    ['database', 503, 'api_error', 'dependency_unavailable'],
    ['store', 503, 'api_error', 'dependency_unavailable'],
    ['messaging', 503, 'api_error', 'dependency_unavailable'],
    ['nest503', 503, 'api_error', 'dependency_unavailable'],
    ['nest401', 401, 'authentication_error', 'token_invalid'],
    ['bug', 500, 'api_error', 'internal_server_error'],
    ['text', 500, 'api_error', 'internal_server_error'],
    ['nothing', 500, 'api_error', 'internal_server_error'],
    ['otherCode', 500, 'api_error', 'internal_server_error'],
    ['halfStructural', 500, 'api_error', 'internal_server_error'],
  ])('says what is meant of %s, and no more', async (how, status, type, code) => {
    const answer = await get(`/things/fail/${how}`);
    expect(answer).toMatchObject({ status, type, code });
    expect(answer.text).not.toMatch(/select|hunter2|internal:5432|\.ts|node_modules/);
    expect(answer.headers.get('retry-after')).toBe(status === 503 ? '2' : null);
  });

  it('carries headers of its own', async () => {
    expect((await get('/things/fail/conflict')).headers.get('x-why')).toBe('so');
  });

  it('has a request id that leads to the reason in the log', async () => {
    const { headers } = await get('/things/fail/bug');
    const line = recorded.lines().find(({ requestId, msg }) => requestId === headers.get('request-id') && msg === 'request failed');
    expect(line).toMatchObject({ level: 'error', status: 500, err: { type: 'Error' } });
  });

  it('tells the log alone why somebody was not believed', async () => {
    const { headers, text } = await get('/things/fail/untrusted');
    expect(text).not.toContain('another issuer');
    const line = recorded.lines().find(({ requestId, msg }) => requestId === headers.get('request-id') && msg === 'request refused');
    expect(line).toMatchObject({ level: 'debug', status: 401, reason: 'another issuer' });
  });

  it.each([
    ['GET', '/things/fail/bug'],
    ['GET', '/nothing'],
    ['PATCH', '/things'],
    ['GET', '/%zz'],
    ['GET', `/things/${'x'.repeat(1_100)}`],
  ])('has a request id: %s %.40s', async (method, path) => {
    const { headers } = await get(path, { method, headers: { 'request-id': 'given-by-us' } });
    expect(headers.get('request-id')).toBe('given-by-us');
  });

  it.each([
    ['/%zz', 400, 'malformed_request'],
    [`/things/${'x'.repeat(1_100)}`, 414, 'url_too_long'],
  ])('tells of a bad address: %.12s', async (path, status, code) => {
    expect(await get(path)).toMatchObject({ status, code, type: 'invalid_request_error' });
  });

  it.each([
    ['PATCH', '/things', 'GET, HEAD, POST'],
    ['DELETE', '/things/42', 'GET, HEAD, PUT'],
    ['OPTIONS', '/things/42?x=1', 'GET, HEAD, PUT'],
    ['GET', '/things/42/start', 'POST'],
    ['POST', '/livez', 'GET, HEAD'],
    ['HEAD', '/things/42/launch', 'GET'],
    ['PUT', '/things/42/launch', 'GET'],
  ])('says which methods there are: %s %s', async (method, path, allow) => {
    const { status, headers } = await get(path, { method });
    expect([status, headers.get('allow')]).toEqual([405, allow]);
  });

  it('says which methods there are elsewhere', async () => {
    const servedElsewhere = [
      { method: 'DELETE', path: '/things/{id}' },
      { method: 'GET', path: '/things/{id}/parts' },
      { method: 'GET', hasNoHead: true, path: '/things/{id}/events' },
    ] as const;
    const beside = await startTest(definitionOf(ThingsModule, { servedElsewhere }));
    const allowed = async (path: string, method = 'PATCH') => {
      const { status, headers } = await fetch(`${beside.url}${path}`, { method });
      return [status, headers.get('allow')];
    };
    expect(await allowed('/things/42')).toEqual([405, 'DELETE, GET, HEAD, PUT']);
    expect(await allowed('/things/42/parts')).toEqual([405, 'GET, HEAD']);
    expect(await allowed('/things/42/parts/1')).toEqual([404, null]);
    expect(await allowed('/things/42/events')).toEqual([405, 'GET']);
    expect(await allowed('/things/42/events', 'HEAD')).toEqual([405, 'GET']);
    for (const method of ['GET', 'HEAD']) expect(await allowed('/things/42/parts', method)).toEqual([404, null]);
    await beside.stop();
  });

  it('says so in the body, too', async () => {
    expect(await get('/things', { method: 'PATCH' })).toMatchObject({ type: 'not_found_error', code: 'method_not_allowed' });
  });

  it.each(['/thing', '/things/', '/things/42/start/now', '/THINGS', '/'])('does not know %s, by whatever method', async (path) => {
    expect([(await get(path)).status, (await get(path, { method: 'DELETE' })).status]).toEqual([404, 404]);
  });

  it('leaves HEAD beside an ordinary GET, with no body', async () => {
    const { status, text, headers } = await get('/things', { method: 'HEAD' });
    expect([status, text, Number(headers.get('content-length')) > 0]).toEqual([200, '', true]);
  });

  it('keeps HEAD from what a GET does', async () => {
    await get('/things/42/launch', { method: 'HEAD' });
    expect((await get('/things/launches')).body).toEqual({ launches: 0 });
    await get('/things/42/launch');
    expect((await get('/things/launches')).body).toEqual({ launches: 1 });
  });
});
