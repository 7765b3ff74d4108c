import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as rest } from 'node:timers/promises';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import type { EmbeddedPostgres } from '@scheduled-scripts/postgres/embedded';
import { expectedList, readFacts, withoutCountdown } from '../chaos/facts.js';
import { isPostgres, killPostgres, replacePostgres } from '../chaos/postgres.js';
import { familyOf } from '../chaos/processes.js';
import { scriptStarts } from '../chaos/routers.js';
import { StackProcess } from '../chaos/stack-process.js';
import type { Connection } from '../stack/connection.js';
import { signalTo } from '../stack/process-proof.js';
import { newDataFolder } from './data-folder.js';
import { Rollout } from './rollout.js';

jest.setTimeout(180_000);

const outageMillis = 10_000;

const dataFolder = newDataFolder();
const data = dataFolder.path;
let stack: StackProcess;
let connection: Connection;
let sites: readonly string[];
let replacement: EmbeddedPostgres | undefined;

beforeAll(async () => {
  stack = new StackProcess(data);
  connection = await stack.untilAnnounced();
  sites = connection.routers.slice(0, 10).map(({ siteId }) => siteId);
  await stack.untilDone();
});
afterAll(async () => {
  await stack.kill('SIGTERM');
  await replacement?.stop();
  await dataFolder.remove();
});

const askForList = (): Promise<Response> =>
  fetch(`${connection.baseUrl}/scripts/scheduled`, { headers: { authorization: `Bearer ${connection.tokens.viewer}` } });

/** One whose scripts run while Postgres is away, and one whose hour comes meanwhile. */
const begin = async (): Promise<readonly Rollout[]> => {
  const due = new Date(Date.now() + outageMillis).toISOString();
  const scheduled = await Rollout.schedule(connection, { sites: sites.slice(5), launch_at: due });
  const running = await Rollout.launch(connection, { sites, script: ':delay 3s' });
  const isRunning = async (): Promise<boolean> => (await running.executions()).some(({ state }) => state === 'running');
  for (const deadline = Date.now() + 30_000; !(await isRunning()); await rest(50)) expect(Date.now()).toBeLessThan(deadline);
  return [running, scheduled];
};

interface Listed {
  readonly t_minus: string;
  readonly description: string;
  readonly summary: string | null;
}

const listed = async () => (await (await askForList()).json()) as Listed[];

const untilSummarized = async (): Promise<void> => {
  for (const deadline = Date.now() + 60_000; (await listed()).some(({ summary }) => summary === null); await rest(100))
    expect(Date.now()).toBeLessThan(deadline);
};

const judge = async (rollouts: readonly Rollout[]): Promise<void> => {
  for (const rollout of rollouts) {
    const { progress } = await rollout.until('the end', ({ pending, completed }) => pending.length === 0 && completed.length > 0);
    expect(progress.failed).toEqual([]);
  }
  await untilSummarized();
  const store = await openEventStore({ url: connection.postgresUrl, applicationName: 'judge' });
  const facts = await readFacts(store);
  await store.close();
  expect((await listed()).map(withoutCountdown)).toEqual(expectedList(facts));
  for (const { id } of rollouts) {
    const script = facts.scripts.get(id);
    const launches = script?.events.filter(({ type }) => type === 'scheduled-script.launched.v1') ?? [];
    expect(launches).toHaveLength(1);
  }
  const starts = (await scriptStarts(data)).map(({ router, script }) => `${router} ${script}`);
  expect(starts.toSorted()).toEqual([...new Set(starts)].toSorted());
};

const planOf = (description: string) => ({ description, script: ':put 1', launch_at: '2090-01-01T00:00:00Z', sites });

/** Clients give up after 15 s. A request may wait until it knows of the silence, and once more in vain for a connection. */
const answerWithinMillis = 12_000;

/** Status and code. Rejects when the answer does not come in time. */
const ask = async (method: string, path: string, plan?: object, key?: string): Promise<string> => {
  const answer = await fetch(`${connection.baseUrl}/scripts/scheduled${path}`, {
    method,
    headers: {
      authorization: `Bearer ${connection.tokens.author}`,
      ...(plan && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: plan ? JSON.stringify(plan) : null,
    signal: AbortSignal.timeout(answerWithinMillis),
  });
  const text = await answer.text();
  return answer.ok ? String(answer.status) : `${answer.status} ${(JSON.parse(text) as { readonly code: string }).code}`;
};

/** One of each kind a second, for so long that some come when the silence is known and some before. */
const askAround = async (keys: readonly string[], [revised, cancelled]: readonly Rollout[]): Promise<readonly string[]> => {
  const answers: Promise<string>[] = [];
  for (const key of keys) {
    const plan = planOf(key);
    answers.push(ask('GET', ''), ask('GET', `/${revised?.id}`), ask('POST', '', plan, key), ask('POST', '', planOf('Perhaps')));
    answers.push(ask('PUT', `/${revised?.id}`, planOf('Revised')), ask('DELETE', `/${cancelled?.id}`));
    await rest(1_000);
  }
  return Promise.all(answers);
};

/** As a client repeats what nobody could say the outcome of. */
const persist = async (key: string): Promise<void> => {
  const deadline = Date.now() + 30_000;
  for (let answer = ''; answer !== '201'; answer = await ask('POST', '', planOf(key), key))
    expect([answer, Date.now() < deadline]).toEqual([answer, true]);
};

describe('Postgres, away in the middle of a rollout', () => {
  it('for 10 s and started again, delays it and loses nothing', async () => {
    const rollouts = await begin();
    killPostgres(stack.pid);
    // Its sessions outlive it by a moment.
    let answer = await askForList();
    for (const deadline = Date.now() + 10_000; answer.ok && Date.now() < deadline; await rest(50)) answer = await askForList();
    expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'dependency_unavailable' })]);
    await rest(outageMillis);
    replacement = await replacePostgres(data, connection);
    await judge(rollouts);
  });

  it('silent, answers everybody in time, is there at once when it is back, loses nothing and does nothing twice', async () => {
    const [rollouts, asked] = await Promise.all([begin(), Promise.all([1, 2].map(() => Rollout.schedule(connection, { sites })))]);
    const keys = Array.from({ length: 18 }, (_, second) => `asked-for-in-second-${second}`);
    const all = familyOf(replacement?.pid ?? 0);
    expect(all.filter(isPostgres).length).toBeGreaterThan(5);
    for (const process of all) signalTo(process, 'SIGSTOP');
    try {
      expect(new Set(await askAround(keys, asked))).toEqual(new Set(['503 dependency_unavailable']));
    } finally {
      for (const process of all) signalTo(process, 'SIGCONT');
    }
    // More than a pool has sessions: none of them waits at one that is dead.
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => ask('GET', ''))))).toEqual(new Set(['200']));
    for (const key of keys) await persist(key);
    await judge(rollouts);
    const descriptions = (await listed()).map(({ description }) => description);
    expect(descriptions.filter((description) => keys.includes(description)).toSorted()).toEqual(keys.toSorted());
  });

  it('for good, does not keep the stack from ending', async () => {
    await replacement?.stop();
    expect(await stack.kill('SIGINT')).toBe(130);
  });
});
