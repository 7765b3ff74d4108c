import { afterEach, describe, expect, it } from '@jest/globals';
import { createClient, ProblemError, type ClientOptions, type CreateScheduledScript } from './index.js';
import { busy, json, serve, type Reply, type ScriptedServer } from './testing/scripted-server.js';

const opened: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.stop();
});

const against = async (replies: readonly [Reply, ...Reply[]], options: Partial<ClientOptions> = {}) => {
  const server = await serve(...replies);
  opened.push(server);
  return { server, api: createClient({ baseUrl: server.url, token: 'secret', ...options }) };
};

const draft: CreateScheduledScript = {
  description: 'd',
  script: ':put 1',
  launch_at: '2090-01-01T00:00:00Z',
  sites: ['site_1AbCdEfGhIjKlMnOp'],
};
const nothing =
  (status: number): Reply =>
  (_request, response) =>
    void response.writeHead(status).end();
const proxy: Reply = (_request, response) => void response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad gateway</h1>');
const silence: Reply = (_request, response) => void response.writeHead(200, { 'Content-Type': 'application/json' }).write('[');
const elsewhere: Reply = (_request, response) => void response.writeHead(302, { Location: 'http://127.0.0.1:9/' }).end();

const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describe('a request', () => {
  it('has what the operation says: path, query, headers, body, and the token of the moment', async () => {
    let turn = 0;
    const { server, api } = await against([json(200, [])], { token: async () => `token-${(turn += 1)}` });
    await api.listScheduledScripts({ status: 'launched', limit: 10 });
    await api.reviseScheduledScript({ id: 'a/b c', ifMatch: '"2-x"', body: draft });
    await api.getScheduledScript({ id: 'i', minVersion: 3 });
    const [list, revise, get] = server.received;
    expect(list).toMatchObject({ method: 'GET', url: '/scripts/scheduled?status=launched&limit=10', body: '' });
    expect(list?.headers).toMatchObject({ authorization: 'Bearer token-1', accept: 'application/json' });
    expect(revise).toMatchObject({ method: 'PUT', url: '/scripts/scheduled/a%2Fb%20c', body: JSON.stringify(draft) });
    expect(revise?.headers).toMatchObject({ authorization: 'Bearer token-2', 'if-match': '"2-x"', 'content-type': 'application/json' });
    expect(get?.headers).toMatchObject({ 'min-version': '3' });
  });

  it('goes below the path of the base address, and never to another resource by an empty id', async () => {
    const { server, api } = await against([json(200, {})]);
    await createClient({ baseUrl: `${server.url}/of/ours/` }).getProgress({ id: 'i' });
    expect(server.received[0]).toMatchObject({ url: '/of/ours/scripts/scheduled/i/progress' });
    expect(server.received[0]?.headers.authorization).toBeUndefined();
    expect(() => api.cancelScheduledScript({ id: '' })).toThrow(TypeError);
    expect(server.received).toHaveLength(1);
  });

  it('shows nobody the token who needs none, and follows nobody elsewhere', async () => {
    const { server, api } = await against([json(200, {}), elsewhere]);
    await api.getOpenApi();
    expect(server.received[0]?.headers.authorization).toBeUndefined();
    expect(await failureOf(api.getProgress({ id: 'i' }))).toMatchObject({ name: 'TypeError' });
  });
});

describe('an answer', () => {
  it('says what its headers say', async () => {
    const headers = { ETag: '"3-abc"', Location: '/scripts/scheduled/i', Link: '</sites?cursor=x>; rel="next"' };
    const { api } = await against([json(201, { id: 'i' }, headers)]);
    expect(await api.createScheduledScript({ body: draft })).toMatchObject({
      status: 201,
      data: { id: 'i' },
      etag: '"3-abc"',
      version: 3,
      location: '/scripts/scheduled/i',
      next: '/sites?cursor=x',
      requestId: 'r-1',
    });
  });

  it('has no data where there is no body, or nothing new', async () => {
    const { api } = await against([nothing(202), nothing(204), nothing(304)]);
    expect(await api.launchScheduledScript({ id: 'i' })).toMatchObject({ status: 202, data: null });
    expect(await api.cancelScheduledScript({ id: 'i' })).toMatchObject({ status: 204, data: null });
    expect(await api.getScheduledScript({ id: 'i', ifNoneMatch: '"1-x"' })).toMatchObject({ status: 304, data: null });
  });

  it('that is a problem is one error, with all that it says', async () => {
    const errors = [{ param: 'sites[0]', code: 'unknown_site', message: 'Not known.' }];
    const body = { type: 'invalid_request_error', code: 'unknown_site', message: 'Not known.', doc_url: 'x', param: 'sites[0]', errors };
    const { api } = await against([json(422, body)]);
    const error = await failureOf(api.createScheduledScript({ body: draft }));
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      status: 422,
      type: 'invalid_request_error',
      code: 'unknown_site',
      param: 'sites[0]',
      errors,
      requestId: 'r-1',
      retryAfter: null,
      message: 'POST /scripts/scheduled: 422 unknown_site Not known.',
    });
  });

  it('of somebody else in between is an error without a code', async () => {
    const { api } = await against([proxy]);
    expect(await failureOf(api.listSites())).toMatchObject({ status: 502, code: null, message: 'GET /sites: 502 <h1>Bad gateway</h1>' });
  });
});

describe('what is asked again', () => {
  it('is a read that met a 503 which says when', async () => {
    const { server, api } = await against([busy(), busy(), json(200, [])]);
    expect(await api.listSites()).toMatchObject({ data: [] });
    expect(server.received).toHaveLength(3);
  });

  it('is a creation, under the key of the first attempt', async () => {
    const { server, api } = await against([busy(), json(201, {}), json(201, {})]);
    await api.createScheduledScript({ body: draft });
    await api.createScheduledScript({ body: draft });
    const [first, second, other] = server.received.map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it('is nothing that might then be done twice', async () => {
    const { server, api } = await against([busy()]);
    const asked = [
      () => api.launchScheduledScript({ id: 'i' }),
      () => api.reviseScheduledScript({ id: 'i', body: draft }),
      () => api.cancelScheduledScript({ id: 'i' }),
      () => api.createSite({ body: { name: 'n', host: 'h', username: 'u', password: 'p' } }),
    ];
    for (const [index, ask] of asked.entries()) {
      expect(await failureOf(ask())).toMatchObject({ status: 503, retryAfter: 0 });
      expect(server.received).toHaveLength(index + 1);
    }
  });

  it('is nothing without a Retry-After, or beyond the patience', async () => {
    const { server, api } = await against([json(503, { code: 'x' }), busy('60')]);
    expect(await failureOf(api.listSites())).toMatchObject({ status: 503, retryAfter: null });
    expect(await failureOf(api.listSites())).toMatchObject({ status: 503, retryAfter: 60 });
    expect(await failureOf(api.listSites({}, { patienceMillis: 0 }))).toMatchObject({ status: 503 });
    expect(server.received).toHaveLength(3);
  });
});

describe('an attempt', () => {
  it('ends in time, also in the middle of an answer', async () => {
    const { api } = await against([silence], { timeoutMillis: 50 });
    expect(await failureOf(api.listSites())).toMatchObject({ name: 'TimeoutError' });
  });

  it('ends when its caller says so, also while it waits to ask again', async () => {
    const { api } = await against([busy('5'), silence]);
    const reason = new Error('enough');
    const abort = new AbortController();
    const waiting = failureOf(api.listSites({}, { signal: abort.signal }));
    const reading = failureOf(api.listSites({}, { signal: abort.signal }));
    abort.abort(reason);
    expect(await Promise.all([waiting, reading])).toEqual([reason, reason]);
  });
});

describe('a list', () => {
  it('is followed page after page, below the path of the base address', async () => {
    const next = { Link: '</sites?limit=2&cursor=x>; rel="next"' };
    const { server } = await against([json(200, [{ id: 1 }, { id: 2 }], next), json(200, [{ id: 3 }])]);
    const found: unknown[] = [];
    for await (const site of createClient({ baseUrl: `${server.url}/of/ours` }).allSites({ limit: 2 })) found.push(site);
    expect(found).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(server.received.map(({ url }) => url)).toEqual(['/of/ours/sites?limit=2', '/of/ours/sites?limit=2&cursor=x']);
  });

  it('is read no further than it is taken, and never elsewhere', async () => {
    const { server, api } = await against([json(200, [1, 2], { Link: '<http://127.0.0.1:9/sites>; rel="next"' })]);
    for await (const first of api.allSites()) {
      expect(first).toBe(1);
      break;
    }
    expect(server.received).toHaveLength(1);
    const all = async (): Promise<void> => {
      for await (const site of api.allSites()) expect([1, 2]).toContain(site);
    };
    expect(await failureOf(all())).toMatchObject({ name: 'TypeError', message: 'http://127.0.0.1:9 is not where the API is' });
  });
});
