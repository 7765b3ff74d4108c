import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventMessage } from '@scheduled-scripts/contracts';
import {
  executionLives,
  idOf,
  Recorder,
  scriptLife,
  siteIds,
  type ExecutionLife,
  type ScriptLife,
} from '@scheduled-scripts/contracts/testing';
import { fact, scheduledScriptStream, siteExecutionStream, type ScheduledScriptEvent } from '@scheduled-scripts/domain';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import * as fc from 'fast-check';
import { LauncherTables1767225600001 } from '../launcher.tables.js';
import { authorized, created, launched, user } from '../testing/facts.js';
import { takeIn } from './take-in.js';
import { resultOf } from './outcomes.js';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = await openDatabase({ url: test.url, schema: 'launcher', applicationName: 'intake.spec', poolSize: 10 });
  await database.migrate([LauncherTables1767225600001]);
}, 30_000);
afterAll(async () => {
  await database.close();
  await test.drop();
});
beforeEach(async () => {
  await database.query('TRUNCATE scripts, outcomes, due_launches, rollout_work');
});

const take = (messages: readonly EventMessage[]) => database.transaction((tx) => takeIn(tx, messages));
/** Each key's messages in their order, one transaction after the other; the keys side by side, as partitions are. */
const takeSideBySide = (keys: readonly (readonly (readonly EventMessage[])[])[]) =>
  Promise.all(
    keys.map(async (batches) => {
      for (const batch of batches) await take(batch);
    }),
  );
const workIds = async () => (await database.query<{ id: string }>('SELECT id FROM rollout_work')).map(({ id }) => id).toSorted();

interface World {
  readonly life: ScriptLife;
  readonly executions: readonly ExecutionLife[];
}

/** The sites of a rollout are keys of their own; what comes of one site comes in order. Tests share the key of their site. */
const keysOf = ({ life, executions }: World): readonly (readonly EventMessage[])[] => {
  const bySite = new Map<string, EventMessage[]>();
  for (const { execution, messages } of executions) bySite.set(execution.siteId, [...(bySite.get(execution.siteId) ?? []), ...messages]);
  return [life.steps.map(({ message }) => message), ...bySite.values()];
};

const isEnded = ({ execution }: ExecutionLife): boolean => execution.phase === 'completed' || execution.phase === 'failed';

const expectedWork = ({ life: { script, tests }, executions }: World): readonly string[] => {
  const rollout = executions.filter(({ execution }) => execution.kind === 'rollout');
  return [
    ...(script.launchedAt ? [`request:${script.id}`] : []),
    ...(script.rolloutAborted ? [`abort:${script.id}`] : []),
    ...(script.launchedAt && rollout.every(isEnded) ? [`complete:${script.id}`] : []),
    ...tests.map(({ number }) => `test:${script.id}:${number}`),
  ].toSorted();
};

/** Messages cut into batches, some of which come again. */
const batchesOf = (messages: readonly EventMessage[]): fc.Arbitrary<readonly (readonly EventMessage[])[]> =>
  fc.array(fc.record({ to: fc.nat(messages.length), back: fc.nat(3) }), { maxLength: 5 }).map((cuts) => {
    const ends = [...cuts.toSorted((one, other) => one.to - other.to), { to: messages.length, back: 0 }];
    let from = 0;
    return ends.flatMap(({ to, back }) => {
      const batch = messages.slice(Math.max(0, from - back), to);
      from = Math.max(from, to);
      return batch.length > 0 ? [batch] : [];
    });
  });

describe('taking messages in', () => {
  it('comes to the same in whatever batches, and whichever topic is ahead', async () => {
    // A completion that was decided elsewhere, before all had ended, tells nothing about ours.
    const world = scriptLife()
      .filter(({ script }) => !script.rolloutCompleted)
      .chain((life) => executionLives(life).map((executions): World => ({ life, executions })));
    const runs = world.chain((one) => fc.record({ world: fc.constant(one), keys: fc.tuple(...keysOf(one).map(batchesOf)) }));
    await fc.assert(
      fc.asyncProperty(runs, async ({ world: one, keys }) => {
        await database.query('TRUNCATE scripts, outcomes, due_launches, rollout_work');
        await takeSideBySide(keys);
        expect(await workIds()).toEqual(expectedWork(one));
        const { script } = one.life;
        const due = await database.query<{ id: string; same: boolean }>('SELECT id, due_at = $1 AS same FROM due_launches', [
          script.launchAt,
        ]);
        expect(due).toEqual(script.status === 'scheduled' ? [{ id: script.id, same: true }] : []);
        const ended = one.executions.filter((execution) => execution.execution.kind === 'rollout' && isEnded(execution));
        const failedSites = ended.flatMap(({ execution: { siteId, failure } }) => (failure ? [{ siteId, reason: failure.reason }] : []));
        expect(await resultOf(database, script.id)).toEqual({
          completed: ended.length - failedSites.length,
          failedSites: failedSites.toSorted((a, b) => (a.siteId < b.siteId ? -1 : 1)),
        });
      }),
      { numRuns: 40 },
    );
  }, 30_000);

  it('finds a rollout ended when its last outcomes come in at the same time', async () => {
    const sites = siteIds('rollout', 10);
    for (const scriptId of Array.from({ length: 5 }, (_, index) => idOf('script', index))) {
      const recorder = new Recorder('org_1');
      const record = (event: ScheduledScriptEvent) => recorder.record(scheduledScriptStream(scriptId), event);
      await take([created(scriptId, { sites }), authorized, launched].map(record));
      const outcomes = sites.map((siteId, index) => {
        const ref = { executionId: idOf(scriptId, siteId), scriptId, siteId, kind: 'rollout' } as const;
        const failed = fact('site-execution.failed.v1', user, { ...ref, reason: 'offline', message: null });
        const outcome = index % 2 === 0 ? failed : fact('site-execution.completed.v1', user, ref);
        return [[recorder.record(siteExecutionStream(ref.executionId), outcome)]];
      });
      await takeSideBySide(outcomes);
      expect(await workIds()).toContain(`complete:${scriptId}`);
      expect(await resultOf(database, scriptId)).toMatchObject({ completed: 5, failedSites: { length: 5 } });
    }
  });

  it('notes what became of an unknown outcome, whichever comes first', async () => {
    const ref = {
      executionId: idOf('execution'),
      scriptId: idOf('script'),
      siteId: siteIds('rollout', 1)[0] ?? '',
      kind: 'rollout',
    } as const;
    const recorder = new Recorder('org_1');
    const [unknown, resolved] = [
      fact('site-execution.failed.v1', user, { ...ref, reason: 'outcome_unknown', message: null }),
      fact('site-execution.resolved.v1', user, { ...ref, outcome: 'failed', reason: 'script_error', message: null }),
    ].map((event) => recorder.record(siteExecutionStream(ref.executionId), event));
    if (!unknown || !resolved) throw new Error('no messages');
    for (const order of [[unknown], [resolved], [unknown], [resolved, unknown]]) await take(order);
    expect(await resultOf(database, ref.scriptId)).toEqual({ completed: 0, failedSites: [{ siteId: ref.siteId, reason: 'script_error' }] });
  });

  it('skips what it does not know, and counts it', async () => {
    const [life] = fc.sample(scriptLife(), { numRuns: 1, seed: 1 });
    const [first] = life?.steps ?? [];
    if (!first) throw new Error('no life');
    const unknown = { ...first.message, headers: { ...first.message.headers, ce_type: 'scheduled-script.invented.v7' } };
    expect(await take([first.message, unknown])).toEqual({ due: false, work: false, unknown: 1 });
  });
});
