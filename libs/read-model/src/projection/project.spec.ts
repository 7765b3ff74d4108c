import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { progressOf, scheduledScriptJson, viewOfScript, type EventMessage, type ScheduledScriptView } from '@scheduled-scripts/contracts';
import { executionLives, scriptLife, type ExecutionLife, type ScriptLife } from '@scheduled-scripts/contracts/testing';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import * as fc from 'fast-check';
import { readModel, readModelMigrations, type ReadModel } from '../index.js';
import { project } from './project.js';

const now = Date.parse('2026-03-01T12:00:00Z');
const size = { rows: 1_000, bytes: 8_388_608 };

interface World {
  readonly life: ScriptLife;
  readonly executions: readonly ExecutionLife[];
}

const worlds = scriptLife().chain((life) => fc.record({ life: fc.constant(life), executions: executionLives(life) }));

/** A log in which stretches that were sent before are sent again later, as a relay does that wakes up late. */
const repeated = (log: readonly EventMessage[]): fc.Arbitrary<readonly EventMessage[]> =>
  fc.array(fc.tuple(fc.nat(log.length), fc.nat(5), fc.nat(5)), { maxLength: 4 }).map((repeats) => {
    const sent: EventMessage[][] = log.map((message) => [message]);
    for (const [from, count, later] of repeats) {
      const stretch = log.slice(from, from + count);
      sent[Math.min(log.length, from + count + later) - 1]?.push(...stretch);
    }
    return sent.flat();
  });

/** Both topics as one consumer may meet them: each in its order, neither in any order to the other, cut into batches. */
const deliveries = ({ life, executions }: World): fc.Arbitrary<readonly (readonly EventMessage[])[]> =>
  fc
    .tuple(
      repeated(life.steps.map(({ message }) => message)),
      fc.tuple(...executions.map(({ messages }) => repeated(messages))),
      fc.array(fc.nat(7), { minLength: 40, maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([scripts, runs, turns, batch]) => {
      const logs = [scripts, ...runs].map((log) => [...log]);
      const merged: EventMessage[] = [];
      for (let turn = 0; logs.some((log) => log.length > 0); turn += 1) {
        const open = logs.filter((log) => log.length > 0);
        const next = open[(turns[turn % turns.length] ?? 0) % open.length]?.shift();
        if (next) merged.push(next);
      }
      return Array.from({ length: Math.ceil(merged.length / batch) }, (_, index) => merged.slice(index * batch, (index + 1) * batch));
    });

const expectedView = ({ life, executions }: World): ScheduledScriptView => {
  const { script } = life;
  const known = executions.map(({ execution }) => execution);
  const states = known.map(({ siteId, kind, phase }) => {
    const state = phase === 'completed' || phase === 'failed' ? phase : ('pending' as const);
    return { siteId, kind, state };
  });
  const starts = known.flatMap(({ kind, issued }) => (kind === 'rollout' && issued ? [issued.at] : [])).sort();
  return {
    ...viewOfScript(script, life.steps.at(-1)?.summary),
    progress: progressOf(script, states),
    startedAt: starts[0] ?? null,
  };
};

describe('the projection', () => {
  let test: TestDatabase;
  let database: Database;
  let model: ReadModel;
  const apply = (messages: readonly EventMessage[]) => database.transaction((tx) => project(tx, 1, messages));

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'read_model', applicationName: 'project.spec' });
    await database.migrate(readModelMigrations);
    model = readModel(database);
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('shows what the command side shows, event by event, up to the launch', async () => {
    await fc.assert(
      fc.asyncProperty(scriptLife(), async ({ steps }) => {
        for (const { message, script, summary } of steps) {
          await apply([message]);
          const view = await model.find({ organizationId: script.organizationId, scriptId: script.id });
          expect(view).toEqual(viewOfScript(script, summary));
          expect(JSON.stringify(view && scheduledScriptJson(view, now))).toBe(
            JSON.stringify(scheduledScriptJson(viewOfScript(script, summary), now)),
          );
        }
      }),
      { numRuns: 50 },
    );
  }, 30_000);

  it('comes to the same rows however the topics are mixed, repeated and cut', async () => {
    const delivered = worlds.chain((world) => fc.record({ world: fc.constant(world), batches: deliveries(world) }));
    await fc.assert(
      fc.asyncProperty(delivered, async ({ world, batches }) => {
        for (const batch of batches) await apply(batch);
        const key = { organizationId: world.life.script.organizationId, scriptId: world.life.script.id };
        expect(await model.find(key)).toEqual(expectedView(world));
        expect(await model.progress(key)).toEqual(expectedView(world).progress);

        const { items: executions } = await model.executions({ ...key, size });
        const byId = new Map(executions.map((execution) => [execution.id, execution]));
        expect(byId.size).toBe(world.executions.length);
        for (const { execution } of world.executions) {
          expect(byId.get(execution.executionId)).toMatchObject({
            siteId: execution.siteId,
            kind: execution.kind,
            reason: execution.failure?.reason ?? null,
            startedAt: execution.issued?.at ?? null,
            finishedAt: execution.finishedAt,
            backup: execution.backup,
          });
        }

        const { items: history } = await model.history({ ...key, size });
        const own = history.filter(({ type }) => type.startsWith('scheduled-script.'));
        const recorded = world.life.steps
          .map(({ message }) => message)
          .filter(({ headers }) => headers['ce_type']?.startsWith('scheduled-script.'));
        expect(own.map(({ data }) => data)).toEqual(recorded.map(({ value }) => JSON.parse(value) as unknown));
      }),
      { numRuns: 80 },
    );
  }, 30_000);

  it('tells the outcome of a test in the history, and of a rollout not', async () => {
    const [found] = fc.sample(
      worlds.filter(({ executions }) =>
        ['test', 'rollout'].every((kind) => executions.some(({ execution }) => execution.kind === kind && execution.finishedAt)),
      ),
      { numRuns: 1, seed: 3 },
    );
    if (!found) throw new Error('no such world');
    for (const { messages } of found.executions) await apply(messages);
    await apply(found.life.steps.map(({ message }) => message));
    const { items } = await model.history({ organizationId: 'org_a', scriptId: found.life.script.id, size });
    const outcomes = items.filter(({ type }) => type.startsWith('site-execution.'));
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.every(({ data }) => data['kind'] === 'test')).toBe(true);
  });

  it('refuses an event whose script or execution never began, and then changes nothing', async () => {
    const [life] = fc.sample(
      scriptLife().filter(({ steps }) => steps.length > 2),
      { numRuns: 1, seed: 5 },
    );
    const [first, ...rest] = life?.steps.map(({ message }) => message) ?? [];
    await expect(apply(rest)).rejects.toMatchObject({ code: 'beginning_missing' });
    expect(await model.version({ organizationId: 'org_a', scriptId: life?.script.id ?? '' })).toBeNull();
    await apply(first ? [first, ...rest] : []);
    expect(await model.version({ organizationId: 'org_a', scriptId: life?.script.id ?? '' })).toBe(life?.script.version);
  });

  it('counts what it does not understand and goes on', async () => {
    const [life] = fc.sample(scriptLife(), { numRuns: 1, seed: 6 });
    const message = life?.steps[0]?.message;
    if (!message) throw new Error('no message');
    const unknown = { ...message, headers: { ...message.headers, ce_type: 'scheduled-script.archived.v9' } };
    expect(await apply([unknown, message])).toEqual({ applied: 1, unknown: 1 });
  });
});
