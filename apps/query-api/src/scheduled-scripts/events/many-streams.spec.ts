import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@scheduled-scripts/postgres/testing';
import { EventStream } from '../../testing/event-stream.js';
import { Followers } from '../../testing/followers.js';
import { startQueryApi, type TestApi } from '../../testing/query-api.fixture.js';
import type { TestRollout } from '../../testing/rollout.js';

jest.setTimeout(120_000);

const many = 500;

const isTold =
  (state: string) =>
  ({ executions }: EventStream): boolean =>
    executions.size === 20 && [...executions.values()].every((row) => row.state === state);

describe('many streams, and much to tell', () => {
  let api: TestApi;
  let followers: Followers;
  /** How often rows were read since the database began. */
  const scans = async (table: string): Promise<number> => {
    await api.database.query('SELECT pg_stat_force_next_flush()');
    const [row] = await api.database.query<{ scans: string }>('SELECT idx_scan AS scans FROM pg_stat_user_tables WHERE relname = $1', [
      table,
    ]);
    return Number(row?.scans ?? 0);
  };
  const openStreams = async (url = api.url): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^scheduled_scripts_open_streams\S* (\d+)/m.exec(text)?.[1]);
  };

  beforeAll(async () => {
    api = await startQueryApi({ STREAMS_PER_CALLER: String(many) });
    followers = new Followers(api);
  });

  afterAll(() => api.stop());

  it('of one script share what is read of it', async () => {
    const rollout = await followers.rollout(20);
    const token = await api.tokenOf('viewer');
    const streams = await Promise.all(Array.from({ length: many }, () => followers.follow(rollout, { token })));
    await until(() => streams.every(isTold('pending')), 60_000);
    expect(await openStreams()).toBe(many);

    const before = await scans('site_executions_g1');
    await api.project(rollout.every('issued'));
    await until(() => streams.every(isTold('running')), 60_000);
    await api.project(rollout.every('completed'));
    await until(() => streams.every(isTold('completed')), 60_000);
    await followers.agree(streams[0] as EventStream, rollout);
    // By each of them it would be thousands. What the writer and this test read themselves is in it too.
    expect((await scans('site_executions_g1')) - before).toBeLessThan(200);
    for (const stream of streams) stream.close();
    await until(async () => (await openStreams()) === 0);
  });

  it('of a script each are told what happens to theirs', async () => {
    const rollouts: TestRollout[] = [];
    for (let count = 0; count < 40; count += 1) rollouts.push(await followers.rollout(2));
    const streams = await Promise.all(rollouts.map((rollout) => followers.follow(rollout)));
    await Promise.all(rollouts.map((rollout) => api.project(rollout.every('completed'))));
    for (const [index, rollout] of rollouts.entries()) await followers.agree(streams[index] as EventStream, rollout);
    for (const stream of streams) stream.close();
  });

  it('of 10 000 executions that change tell their newest states, and not each on the way', async () => {
    const rollout = await followers.rollout(10_000);
    const stream = await followers.follow(rollout);
    const late = await followers.follow(rollout);
    await late.until(({ executions }) => executions.size > 2_000, 60_000);
    late.pause();
    for (let from = 0; from < 10_000; from += 500) {
      const sites = rollout.sites.slice(from, from + 500);
      await api.project(rollout.every('issued', sites));
      await api.project(rollout.every('completed', sites));
    }
    late.resume();
    await followers.agree(stream, rollout);
    await followers.agree(late, rollout);
    const scripts = late.events.filter(({ event }) => event === 'script').length;
    // 40 batches change the resource, of which each text is most of a megabyte: what did not fit into the system's buffers was left out.
    expect(scripts).toBeLessThan(30);
    // Each row was pending, running and completed.
    expect(stream.events.length).toBeLessThan(30_000 + 50);
    expect(late.events.length - scripts).toBeLessThan(30_000);
    for (const one of [stream, late]) one.close();
  });

  it('lose a client that does not read, who finds out all when it comes back', async () => {
    const impatient = await api.startReplica({ STREAM_PATIENCE_MILLIS: '500' });
    const rollout = await followers.rollout(2_000);
    const stream = await followers.follow(rollout, { url: impatient.url });
    await stream.until(({ executions }) => executions.size === 2_000);
    stream.pause();
    // Until it is more than the system's own buffers hold: the service has none.
    for (let open = 1; open > 0; open = await openStreams(impatient.url)) await api.project(rollout.every('failed'));
    await impatient.stop();
    stream.resume();
    await stream.until(({ outcome }) => outcome !== null);
    const again = await followers.follow(rollout, { lastEventId: stream.lastId });
    await followers.agree(again, rollout, stream.executions);
    again.close();
  });
});
