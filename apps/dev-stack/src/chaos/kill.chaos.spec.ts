import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import type { ScheduledScript } from '@scheduled-scripts/client';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { reset } from '../reset.js';
import type { Connection } from '../stack/connection.js';
import { clientsOf } from '../job/clients.js';
import { expectedList, readFacts, withoutCountdown, type Facts } from './facts.js';
import { losePower, scriptStarts } from './routers.js';
import { StackProcess } from './stack-process.js';

const rounds = Number(process.env['CHAOS_ROUNDS'] ?? 3);
/** From the announcement to a little after the end of the main job. */
const killWithinMillis = 8_000;

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'kill-'));
});
afterEach(async () => {
  await reset(data);
  rmSync(data, { recursive: true, force: true });
});

const listOf = async (connection: Connection): Promise<readonly ScheduledScript[]> =>
  (await clientsOf(connection).viewer.listScheduledScripts()).data;

const untilSettled = async (connection: Connection, approved: readonly string[]): Promise<readonly ScheduledScript[]> => {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const list = await listOf(connection);
    const open = list.filter(
      ({ id, status, summary, progress }) =>
        summary === null || (approved.includes(id) && (status === 'scheduled' || progress.pending.length > 0)),
    );
    if (open.length === 0) return list;
    if (Date.now() > deadline) throw new Error(`not settled: ${JSON.stringify(open)}`);
    await rest(200);
  }
};

const launches = (facts: Facts) =>
  [...facts.scripts.values()].map(({ state, events }) => ({
    launchAt: state.launchAt,
    launched: events.filter(({ type }) => type === 'scheduled-script.launched.v1').map(({ at }) => at),
  }));

/** Kills at random instants, `rounds` times on one set of data, then lets it finish and judges. */
const survive = async (onKill: () => Promise<void>): Promise<void> => {
  const created: string[] = [];
  const approved: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const stack = new StackProcess(data);
    await stack.untilAnnounced();
    await rest(Math.random() * killWithinMillis);
    await stack.kill('SIGKILL');
    await onKill();
    const said = stack.acknowledged();
    created.push(...said.created);
    approved.push(...said.approved);
  }

  const stack = new StackProcess(data);
  try {
    const connection = await stack.untilAnnounced();
    await stack.untilDone();
    approved.push(...stack.acknowledged().approved);
    const list = await untilSettled(connection, approved);

    const store = await openEventStore({ url: connection.postgresUrl, applicationName: 'judge' });
    const facts = await readFacts(store);
    await store.close();
    // Every acknowledged command is there.
    expect(list.map(({ id }) => id)).toEqual(expect.arrayContaining(created));
    expect(approved.filter((id) => facts.scripts.get(id)?.state.authorizedAt === null)).toEqual([]);
    // Each schedule was launched once, and not early.
    for (const { launchAt, launched } of launches(facts)) {
      expect(launched.length).toBeLessThanOrEqual(1);
      for (const at of launched) expect(at >= launchAt).toBe(true);
    }
    // Each script was started on each router at most once for each execution, says the routers' own journal.
    const starts = await scriptStarts(data);
    const userScripts = starts
      .filter(({ script, execution }) => script === `ax-${execution}`)
      .map(({ router, script }) => `${router} ${script}`);
    expect(userScripts.toSorted()).toEqual([...new Set(userScripts)].toSorted());
    expect(userScripts.length).toBeGreaterThan(0);
    // The list is the fold of the events.
    expect(list.map(withoutCountdown)).toEqual(expectedList(facts));
  } finally {
    await stack.kill('SIGTERM');
  }
};

describe(`the stack, killed ${rounds} times`, () => {
  const patience = 60_000 * (rounds + 3);

  it('loses nothing and starts nothing twice while the routers live on', () => survive(() => Promise.resolve()), patience);

  it(
    'loses nothing and starts nothing twice when the routers lose power too',
    () => survive(() => losePower(data, 3_000)),
    60_000 * (rounds + 3),
  );
});
