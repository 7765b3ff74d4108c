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
  const due = new Date(Date.now() + outageMillis / 2).toISOString();
  const scheduled = await Rollout.schedule(connection, { sites: sites.slice(5), launch_at: due });
  const running = await Rollout.launch(connection, { sites, script: ':delay 3s' });
  const isRunning = async (): Promise<boolean> => (await running.executions()).some(({ state }) => state === 'running');
  for (const deadline = Date.now() + 30_000; !(await isRunning()); await rest(50)) expect(Date.now()).toBeLessThan(deadline);
  return [running, scheduled];
};

const listed = async () => (await (await askForList()).json()) as { readonly t_minus: string; readonly summary: string | null }[];

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

describe('Postgres, away for 10 s in the middle of a rollout', () => {
  it('and started again, delays it and loses nothing', async () => {
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

  it('and silent meanwhile, delays it and loses nothing', async () => {
    const rollouts = await begin();
    const all = familyOf(replacement?.pid ?? 0);
    expect(all.filter(isPostgres).length).toBeGreaterThan(5);
    for (const process of all) signalTo(process, 'SIGSTOP');
    await rest(outageMillis);
    for (const process of all) signalTo(process, 'SIGCONT');
    await judge(rollouts);
  });

  it('and for good, does not keep the stack from ending', async () => {
    await replacement?.stop();
    const began = Date.now();
    expect(await stack.kill('SIGINT')).toBe(130);
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});
