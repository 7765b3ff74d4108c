import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { entityTagOf, type ScheduledScriptJson } from '@scheduled-scripts/contracts';
import { scriptLife } from '@scheduled-scripts/contracts/testing';
import * as fc from 'fast-check';
import { startQueryApi, type TestApi } from '../../testing/query-api.fixture.js';

const lives = fc.sample(
  scriptLife().filter(({ steps, script }) => steps.length > 3 && script.version > 2),
  { numRuns: 6, seed: 41 },
);
const take = () => {
  const life = lives.pop();
  if (!life) throw new Error('no life left');
  return { ...life, messages: life.steps.map(({ message }) => message), path: `/scripts/scheduled/${life.script.id}` };
};

describe('GET /scripts/scheduled/{id}', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startQueryApi();
  });

  afterAll(() => api.stop());

  it('is the resource with its entity tag', async () => {
    const { script, messages, path } = take();
    await api.project(messages);
    const answer = await api.get(path);
    expect(answer).toMatchObject({ status: 200, json: { id: script.id, status: script.status, script: script.script } });
    expect(answer.headers.get('etag')).toBe(entityTagOf(script.version, answer.json as ScheduledScriptJson));
    expect((await api.get(path.toUpperCase().replace('/SCRIPTS/SCHEDULED', '/scripts/scheduled'))).status).toBe(200);
    const head = await api.get(path, { method: 'HEAD' });
    expect([head.status, head.bytes.length, head.headers.get('etag')]).toEqual([200, 0, answer.headers.get('etag')]);
  });

  it('answers 304 as long as nothing but the clock has moved', async () => {
    const { steps, messages, path } = take();
    await api.project(messages.slice(0, 1));
    const tag = (await api.get(path)).headers.get('etag') ?? '';
    const again = await api.get(path, { headers: { 'If-None-Match': `"other", W/${tag}` } });
    expect([again.status, again.bytes.length, again.headers.get('etag')]).toEqual([304, 0, tag]);
    await api.project(messages);
    const changed = await api.get(path, { headers: { 'If-None-Match': tag } });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')?.split('-')[0]).toBe(`"${steps.at(-1)?.script.version}`);
  });

  it('is not there for other organizations, nor under what is no id', async () => {
    const { messages, path } = take();
    await api.project(messages);
    const notFound = { status: 404, json: { type: 'not_found_error', code: 'script_not_found' } };
    for (const below of ['', '/progress', '/executions', '/history']) {
      expect(await api.get(`${path}${below}`, { as: 'stranger' })).toMatchObject(notFound);
      expect(await api.get(`/scripts/scheduled/not-an-id${below}`)).toMatchObject(notFound);
      expect((await api.get(`${path}${below}`, { as: 'viewer' })).status).toBe(200);
      expect(await api.get(`${path}${below}?verbose=1`)).toMatchObject({ status: 400, json: { code: 'parameter_unknown' } });
    }
  });

  it('waits for the version that the caller has seen', async () => {
    const { script, messages, path } = take();
    const early = api.get(path, { headers: { 'Min-Version': '1' } });
    await api.project(messages.slice(0, 1));
    expect(await early).toMatchObject({ status: 200, json: { id: script.id } });
    const waiting = ['', '/progress', '/executions', '/history'].map((below) =>
      api.get(`${path}${below}`, { headers: { 'Min-Version': String(script.version) } }),
    );
    await api.project(messages);
    const [resource, ...rest] = await Promise.all(waiting);
    expect(resource?.headers.get('etag')).toMatch(new RegExp(`^"${script.version}-`));
    expect(rest.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('would rather answer 503 than with an older state, or with none', async () => {
    const { script, messages, path } = take();
    const behind = { status: 503, json: { type: 'api_error', code: 'projection_behind' } };
    const missing = api.get(path, { headers: { 'Min-Version': '1' } });
    expect(await missing).toMatchObject(behind);
    await api.project(messages);
    const answer = await api.get(`${path}/progress`, { headers: { 'Min-Version': String(script.version + 1) } });
    expect(answer).toMatchObject(behind);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await api.get(path, { headers: { 'Min-Version': 'latest' } })).toMatchObject({ status: 400, json: { param: 'Min-Version' } });
  }, 20_000);
});
