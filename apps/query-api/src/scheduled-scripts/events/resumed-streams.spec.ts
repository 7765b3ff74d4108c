import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RunningService } from '@scheduled-scripts/platform';
import { outageFor } from '@scheduled-scripts/postgres/testing';
import { beginGeneration, generations, goLive, resumeRetired } from '@scheduled-scripts/read-model';
import { Followers } from '../../testing/followers.js';
import { startQueryApi, type TestApi } from '../../testing/query-api.fixture.js';
import { TestRollout } from '../../testing/rollout.js';

jest.setTimeout(30_000);

const nothingMore = () => Promise.resolve();

describe('a client that comes back', () => {
  let api: TestApi;
  let followers: Followers;
  const others: RunningService[] = [];
  const replica = async (variables?: Readonly<Record<string, string>>): Promise<RunningService> => {
    const service = await api.startReplica(variables);
    others.push(service);
    return service;
  };
  const live = async () => (await generations(api.database)).find(({ state }) => state === 'live')?.number;

  beforeAll(async () => {
    api = await startQueryApi();
    followers = new Followers(api);
  });

  afterAll(async () => {
    await Promise.all(others.map((service) => service.stop()));
    await api.stop();
  });

  it('is told the resource, and of the rows those that have changed since, also by a process that did not know it', async () => {
    const rollout = await followers.rollout(20);
    const first = await replica();
    const stream = await followers.follow(rollout, { url: first.url });
    await followers.agree(stream, rollout);
    await first.stop();
    await stream.until(({ outcome }) => outcome === 'ended');

    const changed = rollout.sites.slice(3, 7);
    await api.project(rollout.every('issued', changed));
    await api.project(rollout.every('completed', changed.slice(1)));
    const second = await replica();
    const again = await followers.follow(rollout, { url: second.url, lastEventId: stream.lastId });
    await followers.agree(again, rollout, stream.executions);
    expect(again.events.map(({ event }) => event)).toEqual(['script', ...changed.map(() => 'execution')]);

    const once = await followers.follow(rollout, { url: second.url, lastEventId: again.lastId });
    await once.until(({ script }) => script !== undefined);
    await api.project(rollout.every('completed', changed.slice(0, 1)));
    await followers.agree(once, rollout, new Map([...stream.executions, ...again.executions]));
    expect(once.executions.size).toBe(1);
    for (const one of [again, once]) one.close();
  });

  it('misses nothing, wherever it was cut: after any event, from one replica to the other and back', async () => {
    const rollout = await followers.rollout(12);
    const urls = [api.url, (await replica()).url];
    let known: Awaited<ReturnType<typeof followers.executions>> = new Map();
    let lastEventId: string | undefined;
    const steps = rollout.sites.flatMap((site) => [
      [rollout.at(site, 'claimed'), rollout.at(site, 'issued')],
      [rollout.at(site, 'completed')],
    ]);
    for (const [index, messages] of steps.entries()) {
      const stream = await followers.follow(rollout, { url: urls[index % 2] ?? '', lastEventId });
      // What was told up to here counts, and not what else is on its way.
      const wanted = 1 + (index % 3);
      await Promise.all([api.project(messages), stream.until(({ events }) => events.length >= wanted)]);
      stream.close();
      const told = stream.events.slice(0, wanted);
      lastEventId = told.at(-1)?.id;
      known = new Map([
        ...known,
        ...told.flatMap(({ event, data }) => (event === 'execution' ? [[(data as { id: string }).id, data as never] as const] : [])),
      ]);
    }
    const last = await followers.follow(rollout, { url: urls[0] ?? '', lastEventId });
    await followers.agree(last, rollout, known);
    expect([...last.executions.values()].every(({ state }) => state === 'completed')).toBe(true);
    last.close();
  });

  it('misses nothing when the last that it was told was the resource, and is told nothing twice', async () => {
    const rollout = await followers.rollout(5);
    const stream = await followers.follow(rollout);
    await followers.agree(stream, rollout);
    await api.project([rollout.summarized(':put 1', 'Prints 1.')]);
    await followers.agree(stream, rollout);
    stream.close();
    expect(stream.events.at(-1)?.event).toBe('script');
    const changed = rollout.sites.slice(1, 3);
    await api.project(rollout.every('issued', changed));
    const again = await followers.follow(rollout, { url: (await replica()).url, lastEventId: stream.lastId });
    await followers.agree(again, rollout, stream.executions);
    again.close();
    expect(again.events.map(({ event }) => event)).toEqual(['script', 'execution', 'execution']);
  });

  it.each([
    ['nonsense', () => 'nonsense'],
    ['an id from far beyond the end', (id: string) => id.replace(/-\d+-/, '-999999999-')],
    ['an id of a read model that is no more', (id: string) => id.replace(/^\d+\.\w+/, '1.abc')],
    ['an id with more to it', (id: string) => `${id}' OR true --`],
    ['an id with half a digest', (id: string) => `${id}-3-abc`],
  ])('with %s is told everything', async (_name, change) => {
    const rollout = await followers.rollout(4);
    const stream = await followers.follow(rollout);
    await followers.agree(stream, rollout);
    stream.close();
    const again = await followers.follow(rollout, { lastEventId: change(stream.lastId ?? '') });
    await followers.agree(again, rollout);
    expect(again.executions.size).toBe(4);
    again.close();
  });

  it('is told everything anew when another read model has taken over, and so is one that has stayed', async () => {
    const rollout = new TestRollout('rebuilt', 6);
    const messages = [...rollout.begun(), ...rollout.every('requested')];
    await api.project(messages);
    const left = await followers.follow(rollout);
    const stayed = await followers.follow(rollout);
    await Promise.all([followers.agree(left, rollout), followers.agree(stayed, rollout)]);
    left.close();

    // Many batches: what stood at the end of the old one is a place in the middle of the new.
    const { number } = await beginGeneration(api.database);
    const issued = rollout.every('issued', rollout.sites.slice(0, 2));
    for (const message of [...messages, ...issued]) await api.project([message], number);
    await goLive(api.database, number, nothingMore);
    await stayed.until(({ events }) => events.length === 14);
    await followers.agree(stayed, rollout);
    const again = await followers.follow(rollout, { lastEventId: left.lastId });
    await followers.agree(again, rollout);
    expect(again.executions.size).toBe(6);

    // And back: the old one has stood still meanwhile, and is brought up to now before it is shown.
    const back = await resumeRetired(api.database);
    await api.project([...messages, ...issued], back?.number);
    await goLive(api.database, back?.number ?? 0, nothingMore);
    const returned = await followers.follow(rollout, { lastEventId: left.lastId });
    await followers.agree(returned, rollout, left.executions);
    expect(returned.executions.size).toBe(2);
    await Promise.all([followers.agree(stayed, rollout), followers.agree(again, rollout)]);
    for (const one of [stayed, again, returned]) one.close();
  });

  it('need not come back because Postgres was away', async () => {
    const generation = await live();
    const outage = await outageFor(api.databaseUrl);
    const { url } = await replica({ DATABASE_URL: outage.url });
    const rollout = new TestRollout('outage', 10);
    await api.project([...rollout.begun(), ...rollout.every('requested')], generation);
    const stream = await followers.follow(rollout, { url });
    await followers.agree(stream, rollout);
    await outage.interrupt();
    await api.project(rollout.every('issued'), generation);
    expect(
      (await fetch(`${url}${rollout.path}/events`, { headers: { Authorization: `Bearer ${await api.tokenOf('viewer')}` } })).status,
    ).toBe(503);
    await api.project(rollout.every('completed').slice(5), generation);
    await outage.restore();
    await followers.agree(stream, rollout);
    // Told once, in its newest state.
    expect(stream.events.filter(({ event }) => event === 'execution')).toHaveLength(20);
    expect(stream.outcome).toBeNull();
    await api.project(rollout.every('failed', rollout.sites.slice(0, 5)), generation);
    await followers.agree(stream, rollout);
    stream.close();
    await others.pop()?.stop();
    await outage.close();
  });
});
