import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { storeBackup } from '@scheduled-scripts/site-directory/backups';
import { startQueryApi, type GetOptions, type TestApi } from './testing/query-api.fixture.js';
import { TestRollout } from './testing/rollout.js';

const rollout = new TestRollout('read side', 2);
const [site = ''] = rollout.sites;
const executionId = rollout.executionId(site);
const text = Buffer.from('# by RouterOS 7.18\r\n/ip address\r\n');
const sha256 = hash('sha256', text);

const list = '/scripts/scheduled';
const below = ['', '/progress', '/executions', `/executions/${executionId}/backup`, '/history', '/events'].map(
  (path) => `${rollout.path}${path}`,
);
const isStream = (path: string): boolean => path.endsWith('/events');

/** What is promised of every GET of the read side. */
describe('every answer', () => {
  let api: TestApi;
  /** A stream has no end: whoever is let in looks at its head alone. */
  const get = (path: string, options: GetOptions = {}) => api.get(path, isStream(path) ? { method: 'HEAD', ...options } : options);

  beforeAll(async () => {
    api = await startQueryApi();
    await api.project([...rollout.begun(), rollout.at(site, 'requested')]);
    const backup = { sha256, bytes: text.length, takenAt: '2026-03-01T02:00:00.000000Z' } as const;
    await storeBackup(api.database, { organizationId: 'org_a', siteId: site, executionId, text, sha256, takenAt: backup.takenAt });
    await api.database.query('UPDATE site_executions SET backup = $2 WHERE id = $1', [executionId, JSON.stringify(backup)]);
  });

  afterAll(() => api.stop());

  it.each([list, ...below])('to HEAD %s is that to GET, without the body', async (path) => {
    const head = await api.get(path, { method: 'HEAD' });
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    expect(head.headers.get('cache-control')).toBe(isStream(path) ? 'no-store' : 'private, no-cache');
    if (isStream(path)) return;
    const whole = await api.get(path);
    for (const name of ['content-type', 'content-length', 'etag', 'link', 'cache-control']) {
      expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
    }
    expect(whole.headers.get('content-length')).toBe(String(whole.bytes.length));
  });

  it.each([list, ...below])('to another method at %s says which there are, here and in command-api', async (path) => {
    const elsewhere = { [list]: ['POST'], [rollout.path]: ['DELETE', 'PUT'] }[path] ?? [];
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await api.get(path, { method });
      const [status, code] = elsewhere.includes(method) ? [404, 'route_not_found'] : [405, 'method_not_allowed'];
      expect([method, answer]).toMatchObject([method, { status, json: { type: 'not_found_error', code } }]);
      expect(answer.headers.get('allow')).toBe(status === 404 ? null : ['GET', 'HEAD', ...elsewhere].toSorted().join(', '));
    }
  });

  it.each([list, ...below])('to GET %s is refused in order: who asks, how it is asked, what one may, what there is', async (path) => {
    const unknown = `${path}?verbose=1`;
    expect(await api.get(unknown, { as: null })).toMatchObject({ status: 401, json: { code: 'token_missing' } });
    expect(await api.get(unknown, { as: 'nobody' })).toMatchObject({ status: 400, json: { code: 'parameter_unknown', param: 'verbose' } });
    expect(await api.get(path, { as: 'nobody' })).toMatchObject({ status: 403, json: { code: 'scope_missing' } });
    if (path === list) return;
    const malformed = { as: 'nobody', headers: { 'Min-Version': '0' } } as const;
    expect(await api.get(path, malformed)).toMatchObject({ status: 400, json: { code: 'parameter_invalid', param: 'Min-Version' } });
    expect(await api.get(path, { as: 'stranger' })).toMatchObject({ status: 404, json: { code: 'script_not_found' } });
    expect(await api.get(path.replace(rollout.id, executionId))).toMatchObject({ status: 404, json: { code: 'script_not_found' } });
  });

  it('below a script is of the version that the caller has seen, or none', async () => {
    for (const path of below) expect((await get(path, { headers: { 'Min-Version': '3' } })).status).toBe(200);
    const behind = await Promise.all(below.map((path) => api.get(path, { headers: { 'Min-Version': '4' } })));
    for (const answer of behind) {
      expect(answer).toMatchObject({ status: 503, json: { type: 'api_error', code: 'projection_behind' } });
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    const waiting = below.map((path) => get(path, { headers: { 'Min-Version': '4' } }));
    await api.project([rollout.launched()]);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(below.map(() => 200));
  }, 15_000);

  it('has the same entity tag from every replica, and another after each change', async () => {
    const other = await api.startReplica();
    const token = await api.tokenOf('viewer');
    const tags: (string | null)[] = [];
    for (const change of [rollout.at(site, 'issued'), rollout.at(site, 'completed'), rollout.summarized(':put 1', 'Prints 1.')]) {
      const { headers } = await api.get(rollout.path);
      const theirs = await fetch(`${other.url}${rollout.path}`, { headers: { Authorization: `Bearer ${token}` } });
      expect(theirs.headers.get('etag')).toBe(headers.get('etag'));
      tags.push(headers.get('etag'));
      await api.project([change]);
      expect((await api.get(rollout.path, { headers: { 'If-None-Match': tags.at(-1) ?? '' } })).status).toBe(200);
    }
    expect(new Set(tags).size).toBe(3);
    // What was decided is the same all the while.
    expect(tags.every((tag) => tag?.startsWith('"4-'))).toBe(true);
    await other.stop();
  });

  it('tells who did what, in which service, and what was recorded', async () => {
    const { json } = await api.get(`${rollout.path}/history`);
    expect((json as { type: string; by: string }[]).map(({ type, by }) => [type, by])).toEqual([
      ['scheduled-script.created.v1', 'auth0|author'],
      ['scheduled-script.authorized.v1', 'auth0|author'],
      ['scheduled-script.launched.v1', 'auth0|author'],
      ['scheduled-script.launched.v1', 'auth0|author'],
      ['script-summary.summarized.v1', 'service:summarizer'],
    ]);
    expect((json as { data: object }[])[2]?.data).toEqual({ trigger: 'schedule', windowEndsAt: '2026-03-01T04:00:00.000000Z' });
  });
});
