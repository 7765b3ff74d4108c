import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { metric as metricOf } from '@scheduled-scripts/platform/testing/metric';
import { until } from '@scheduled-scripts/postgres/testing';
import { Followers } from '../../testing/followers.js';
import { startQueryApi, type TestApi } from '../../testing/query-api.fixture.js';
import { TestRollout } from '../../testing/rollout.js';

jest.setTimeout(30_000);

/** Everything that cuts a connection is quick, so that a stream that outlives it proves something. */
const quick = {
  STREAM_HEARTBEAT_MILLIS: '100',
  HEADERS_TIMEOUT_MILLIS: '200',
  REQUEST_TIMEOUT_MILLIS: '300',
  KEEP_ALIVE_TIMEOUT_MILLIS: '200',
  STREAMS_PER_CALLER: '2',
  STREAMS_AT_ONCE: '3',
};

describe('GET /scripts/scheduled/{id}/events', () => {
  let api: TestApi;
  let followers: Followers;
  const metric = (line: string) => metricOf({ healthUrl: api.url }, line);
  const nobodyFollows = () => until(async () => (await metric('scheduled_scripts_open_streams')) === 0);

  beforeAll(async () => {
    api = await startQueryApi(quick);
    followers = new Followers(api);
  });

  afterAll(() => api.stop());

  it('tells the resource and every execution at once, and then what changes', async () => {
    const rollout = await followers.rollout(3);
    const stream = await followers.follow(rollout);
    expect([stream.status, stream.headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect(stream.headers).toMatchObject({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', 'request-id': expect.any(String) });
    await followers.agree(stream, rollout);
    expect(stream.blocks[0]).toMatch(/^retry: \d{4}$/);
    expect(stream.events.map(({ event }) => event)).toEqual(['script', 'execution', 'execution', 'execution']);
    expect(stream.events.every(({ id }) => id !== '')).toBe(true);

    // That a site was claimed changes nothing that is shown.
    const [site = ''] = rollout.sites;
    await api.project([rollout.at(site, 'claimed')]);
    await api.project([rollout.at(site, 'issued')]);
    await followers.agree(stream, rollout);
    expect(stream.events.slice(4).map(({ event }) => event)).toEqual(['script', 'execution']);
    await api.project(rollout.every('completed'));
    await followers.agree(stream, rollout);
    expect(stream.script?.progress.completed).toHaveLength(3);
    stream.close();
  });

  it('tells each change of a script, also of its summary, and that it was cancelled', async () => {
    const rollout = new TestRollout('cancelled', 2);
    await api.project([rollout.created(':put 1')]);
    const stream = await followers.follow(rollout);
    await stream.until(({ script }) => script?.status === 'unauthorized');
    await api.project([rollout.summarized(':put 1', 'Prints 1.')]);
    await stream.until(({ script }) => script?.summary === 'Prints 1.');
    await api.project([rollout.revised('/system reboot')]);
    await stream.until(({ script }) => script?.script === '/system reboot' && script.summary === null);
    await api.project([rollout.authorized()]);
    await stream.until(({ script }) => script?.status === 'scheduled');
    await api.project([rollout.cancelled()]);
    await stream.until(({ script }) => script?.status === 'cancelled');
    await followers.agree(stream, rollout);
    expect(stream.outcome).toBeNull();
    stream.close();
  });

  it('gives what differs ids that differ, before the launch and between executions too', async () => {
    const rollout = new TestRollout('identified', 2);
    await api.project([rollout.created()]);
    const stream = await followers.follow(rollout);
    await stream.until(({ script }) => script?.status === 'unauthorized');
    await api.project([rollout.authorized()]);
    await stream.until(({ script }) => script?.status === 'scheduled');
    await api.project([rollout.launched()]);
    await stream.until(({ script }) => script?.status === 'launched');
    await api.project(rollout.every('requested'));
    await followers.agree(stream, rollout);
    await api.project(rollout.every('issued'));
    await followers.agree(stream, rollout);
    await api.project([rollout.summarized(':put 1', 'Prints 1.')]);
    await followers.agree(stream, rollout);
    stream.close();
    const kinds = 'script script script execution execution script execution execution script';
    expect(stream.events.map(({ event }) => event).join(' ')).toBe(kinds);
    expect(new Set(stream.events.map(({ id }) => id)).size).toBe(stream.events.length);

    // What was seen before, and is told again, has the id that it had.
    const again = await followers.follow(rollout, { lastEventId: stream.lastId });
    await followers.agree(again, rollout, stream.executions);
    again.close();
    expect(again.events.map(({ id }) => id)).toEqual([stream.lastId]);
  });

  it('is refused before anything of it is sent, in the order of the contract', async () => {
    const { path } = await followers.rollout(1);
    const at = `${path}/events`;
    expect(await api.get(at, { as: null })).toMatchObject({ status: 401, json: { code: 'token_missing' } });
    expect(await api.get(`${at}?since=1`, { as: 'porter' })).toMatchObject({
      status: 400,
      json: { code: 'parameter_unknown', param: 'since' },
    });
    expect(await api.get(at, { as: 'porter' })).toMatchObject({ status: 403, json: { code: 'scope_missing' } });
    expect(await api.get(at, { as: 'stranger' })).toMatchObject({ status: 404, json: { code: 'script_not_found' } });
    expect(await api.get('/scripts/scheduled/nothing/events')).toMatchObject({ status: 404, json: { code: 'script_not_found' } });
    expect(await api.get(at, { headers: { 'Min-Version': 'x' } })).toMatchObject({ status: 400, json: { param: 'Min-Version' } });
    const posted = await api.get(at, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('answers HEAD with the headers alone', async () => {
    const { path } = await followers.rollout(1);
    const head = await api.get(`${path}/events`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type'), head.bytes.length]).toEqual([200, 'text/event-stream', 0]);
    expect((await api.get(`${path}/events`, { method: 'HEAD', as: 'stranger' })).status).toBe(404);
  });

  it('waits for the version that the caller has seen, and does not begin without it', async () => {
    const rollout = new TestRollout('expected', 1);
    const early = followers.follow(rollout, { headers: { 'Min-Version': '2' } });
    await api.project([rollout.created()]);
    await api.project([rollout.authorized()]);
    const stream = await early;
    await stream.until(({ script }) => script !== undefined);
    expect(stream.events.map(({ data }) => 'status' in data && data.status)).toEqual(['scheduled']);
    stream.close();
    expect(await api.get(`${rollout.path}/events`, { headers: { 'Min-Version': '3' } })).toMatchObject({
      status: 503,
      json: { code: 'projection_behind' },
    });
  });

  it('is over before it begins for a client that has gone meanwhile', async () => {
    const rollout = new TestRollout('left', 1);
    await api.project([rollout.created()]);
    const headers = { Authorization: `Bearer ${await api.tokenOf('viewer')}`, 'Min-Version': '2' };
    const asked = request(`${api.url}${rollout.path}/events`, { headers }).end();
    const gone = new Promise((resolve) => asked.on('close', resolve).on('error', resolve));
    await once(asked, 'finish');
    asked.destroy();
    await gone;
    await api.project([rollout.authorized()]);
    await nobodyFollows();
    expect(await metric('scheduled_scripts_streams_ended_total{reason="slow"')).toBe(0);
  });

  it('goes on while nothing happens, with a sign of life now and then', async () => {
    const rollout = await followers.rollout(1);
    const stream = await followers.follow(rollout);
    // Ten heartbeats are longer than all that would cut a connection.
    await stream.until(({ blocks }) => blocks.filter((block) => block === ': ').length >= 10);
    await api.project(rollout.every('issued'));
    await followers.agree(stream, rollout);
    stream.close();
  });

  it('is limited for each caller, and at all', async () => {
    await nobodyFollows();
    const rollout = await followers.rollout(1);
    const streams = [await followers.follow(rollout), await followers.follow(rollout)];
    const refused = await api.get(`${rollout.path}/events`);
    expect(refused).toMatchObject({ status: 429, json: { type: 'rate_limit_error', code: 'too_many_requests' } });
    expect(refused.headers.get('retry-after')).toBe('5');
    streams.push(await followers.follow(rollout, { as: 'reader' }));
    const full = await api.get(`${rollout.path}/events`, { as: 'reader' });
    expect(full).toMatchObject({ status: 503, json: { code: 'dependency_unavailable' } });
    expect(await metric('scheduled_scripts_open_streams')).toBe(3);
    for (const stream of streams) stream.close();
    await nobodyFollows();
    const next = await followers.follow(rollout);
    await followers.agree(next, rollout);
    next.close();
  });

  it('ends with the token of its caller, who comes back with another', async () => {
    const rollout = await followers.rollout(2);
    const stream = await followers.follow(rollout, { token: await api.tokenOf('viewer', 2) });
    await followers.agree(stream, rollout);
    await stream.until(({ outcome }) => outcome !== null);
    expect(stream.outcome).toBe('ended');
    const [site = ''] = rollout.sites;
    await api.project([rollout.at(site, 'issued')]);
    const again = await followers.follow(rollout, { lastEventId: stream.lastId });
    await followers.agree(again, rollout, stream.executions);
    expect(again.events.map(({ event }) => event)).toEqual(['script', 'execution']);
    again.close();
  });

  it('ends at once when the service stops, and leaves nothing to wait for', async () => {
    const rollout = await followers.rollout(1);
    const service = await api.startReplica({ SHUTDOWN_GRACE_MILLIS: '60000' });
    const streams = await Promise.all(Array.from({ length: 20 }, () => followers.follow(rollout, { url: service.url })));
    streams[0]?.pause();
    await Promise.all(streams.slice(1).map((stream) => stream.until(({ executions }) => executions.size === 1)));
    // With a grace that is longer than the patience of this suite.
    await service.stop();
    for (const stream of streams.slice(1)) await stream.until(({ outcome }) => outcome === 'ended');
  });

  it('is counted', async () => {
    await nobodyFollows();
    const events = (event: string) => metric(`scheduled_scripts_stream_events_total{event="${event}"`);
    const [scripts, executions] = [await events('script'), await events('execution')];
    const rollout = await followers.rollout(5);
    const stream = await followers.follow(rollout);
    await followers.agree(stream, rollout);
    stream.close();
    await nobodyFollows();
    expect([await events('script'), await events('execution')]).toEqual([scripts + 1, executions + 5]);
    expect(await metric('scheduled_scripts_streams_ended_total{reason="client"')).toBeGreaterThan(0);
    expect(await metric('scheduled_scripts_streams_ended_total{reason="token"')).toBe(1);
    expect(await metric('scheduled_scripts_streams_ended_total{reason="failed"')).toBe(0);
  });
});
