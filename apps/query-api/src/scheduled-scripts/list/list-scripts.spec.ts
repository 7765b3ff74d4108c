import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scriptLife, type ScriptLife } from '@scheduled-scripts/contracts/testing';
import * as fc from 'fast-check';
import { startQueryApi, walk, type TestApi } from '../../testing/query-api.fixture.js';

const lives = fc.sample(scriptLife(), { numRuns: 23, seed: 31 });
const foreign = fc.sample(scriptLife({ organizationId: 'org_b' }), { numRuns: 3, seed: 32 });
const messagesOf = (some: readonly ScriptLife[]) => some.flatMap(({ steps }) => steps.map(({ message }) => message));
const newestFirst = (some: readonly ScriptLife[]) =>
  some
    .map(({ script }) => script.id)
    .toSorted()
    .toReversed();
const path = '/scripts/scheduled';
const fields =
  'id created_by test_site_id make_backup abort_if_offline description summary script status authorized_at cancelled_at launch_at t_minus ' +
  'started_at sites notify progress created_at updated_at';

describe('GET /scripts/scheduled', () => {
  let api: TestApi;
  const ids = async (query = '') => ((await api.get(`${path}${query}`)).json as { id: string }[]).map(({ id }) => id);

  beforeAll(async () => {
    api = await startQueryApi();
    await api.project(messagesOf([...lives, ...foreign]));
  });

  afterAll(() => api.stop());

  it("is a bare array of everything of the caller's organization, newest first", async () => {
    const answer = await api.get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('link')).toBeNull();
    expect(await ids()).toEqual(newestFirst(lives));
    expect(Object.keys((answer.json as [object])[0]).join(' ')).toBe(fields);
    const theirs = await api.get(path, { as: 'stranger' });
    expect((theirs.json as { id: string }[]).map(({ id }) => id)).toEqual(newestFirst(foreign));
  });

  it('is walked page by page, with its filters', async () => {
    const pages = await walk(api, `${path}?limit=5`);
    expect(pages.map((page) => page.length)).toEqual([5, 5, 5, 5, 3]);
    expect(pages.flat().map(({ id }) => id)).toEqual(newestFirst(lives));
    const launched = lives.filter(({ script }) => script.status === 'launched');
    const filtered = await walk(api, `${path}?status=launched&limit=2`);
    expect(filtered.length).toBeGreaterThan(1);
    expect(filtered.flat().map(({ id }) => id)).toEqual(newestFirst(launched));
  });

  it('finds by site and by launch time', async () => {
    const [one] = lives;
    const site = one?.script.sites[0] ?? '';
    expect(await ids(`?site=${site}`)).toEqual(newestFirst(lives.filter(({ script }) => script.sites.includes(site))));
    const at = one?.script.launchAt ?? '';
    const same = lives.filter(({ script }) => script.launchAt === at);
    const later = at.replace(/\.\d{6}/, '.999999');
    expect(await ids(`?launch_after=${at}&launch_before=${later}`)).toEqual(newestFirst(same));
    expect(await ids(`?launch_after=${later}&launch_before=${later}`)).toEqual([]);
  });

  it.each([
    ['page=2', 400, 'parameter_unknown', 'page'],
    ['status=done', 422, 'parameter_invalid', 'status'],
    ['status=launched&status=scheduled', 422, 'parameter_invalid', 'status'],
    ['site=x', 422, 'parameter_invalid', 'site'],
    ['launch_after=yesterday', 422, 'parameter_invalid', 'launch_after'],
    ['limit=0', 422, 'parameter_invalid', 'limit'],
    ['limit=1001', 422, 'parameter_invalid', 'limit'],
    ['cursor=abc', 422, 'parameter_invalid', 'cursor'],
    [`cursor=${Buffer.from('["x"]').toString('base64url')}`, 422, 'parameter_invalid', 'cursor'],
  ])('refuses ?%s', async (query, status, code, param) => {
    expect(await api.get(`${path}?${query}`)).toMatchObject({ status, json: { type: 'invalid_request_error', code, param } });
  });

  it('is for callers with a token and the scope', async () => {
    expect(await api.get(path, { as: null })).toMatchObject({ status: 401, json: { code: 'token_missing' } });
    expect(await api.get(path, { as: 'porter' })).toMatchObject({ status: 403, json: { code: 'scope_missing' } });
  });

  it('ends a page before 8 MiB', async () => {
    // Each doubles in JSON: more than the rows themselves can tell before they are written out.
    const large = fc.sample(scriptLife({ organizationId: 'org_b' }), { numRuns: 90, seed: 33 }).map(({ steps }) => {
      const message = steps[0]?.message;
      if (!message) throw new Error('no message');
      const data = JSON.parse(message.value) as Record<string, unknown>;
      return { ...message, value: JSON.stringify({ ...data, script: '"'.repeat(60_000) }) };
    });
    await api.project(large);
    const first = await api.get(path, { as: 'stranger' });
    expect(first.bytes.length).toBeLessThanOrEqual(8 * 1_024 * 1_024);
    expect((first.json as unknown[]).length).toBeGreaterThan(60);
    const next = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await api.get(next, { as: 'stranger' });
    expect((first.json as unknown[]).length + (second.json as unknown[]).length).toBe(large.length + foreign.length);
    expect(second.headers.get('link')).toBeNull();
  }, 30_000);
});
