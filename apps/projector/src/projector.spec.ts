import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { progressOf, topics, viewOfScript, type EventMessage, type ScheduledScriptView } from '@scheduled-scripts/contracts';
import { executionLives, scriptLife, type ScriptLife } from '@scheduled-scripts/contracts/testing';
import type { Messaging, Publisher } from '@scheduled-scripts/messaging';
import { openTopics } from '@scheduled-scripts/messaging/open';
import { createLogger, parseEnvironment, startService, type RunningService } from '@scheduled-scripts/platform';
import { metric } from '@scheduled-scripts/platform/testing/metric';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, until, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { generations, readModel, type ReadModel } from '@scheduled-scripts/read-model';
import * as fc from 'fast-check';
import { projector, projectorEnvironment } from './index.js';
import { runRebuild } from './rebuild/rebuild.command.js';

const size = { rows: 1_000, bytes: 8_388_608 };
const logger = createLogger({ name: 'projector.spec', level: 'silent' });
const worlds = scriptLife().chain((life) => fc.record({ life: fc.constant(life), executions: executionLives(life) }));
const sample = (count: number, seed: number) => fc.sample(worlds, { numRuns: count, seed });

const messagesOf = (world: ReturnType<typeof sample>): readonly EventMessage[] =>
  world.flatMap(({ life, executions }) => [...life.steps.map(({ message }) => message), ...executions.flatMap(({ messages }) => messages)]);

/** The row side of a life whose messages have all arrived. */
const expected = (world: ReturnType<typeof sample>): readonly ScheduledScriptView[] =>
  world
    .map(({ life, executions }): ScheduledScriptView => {
      const rollout = executions.map(({ execution }) => execution).filter(({ kind }) => kind === 'rollout');
      const states = rollout.map(({ siteId, kind, phase }) => {
        const state = phase === 'completed' || phase === 'failed' ? phase : ('pending' as const);
        return { siteId, kind, state };
      });
      const [startedAt = null] = rollout.flatMap(({ issued }) => (issued ? [issued.at] : [])).sort();
      return { ...viewOfScript(life.script, life.steps.at(-1)?.summary), progress: progressOf(life.script, states), startedAt };
    })
    .sort((one, other) => (one.id < other.id ? 1 : -1));

describe('the projector', () => {
  let test: TestDatabase;
  let messaging: Messaging;
  let publisher: Publisher;
  let database: Database;
  let model: ReadModel;
  const running: RunningService[] = [];
  const environment = () => ({ NODE_ENV: 'test', DATABASE_URL: test.url, MESSAGING_URL: test.url, LOG_LEVEL: 'silent' });
  const start = async (): Promise<RunningService> => {
    const service = await startService(projector, environment(), { logger, port: 0 });
    running.push(service);
    return service;
  };
  const shown = async () => (await model.list({ organizationId: 'org_a', size })).items;
  const shows = (views: readonly ScheduledScriptView[]) => async () =>
    JSON.stringify(sorted(await shown())) === JSON.stringify(sorted(views));
  const rebuild = (mode: 'rebuild' | 'rollback' = 'rebuild') =>
    runRebuild(mode, parseEnvironment(projectorEnvironment, environment()), new AbortController().signal);

  beforeEach(async () => {
    test = await createTestDatabase();
    messaging = await openTopics({ url: test.url, clientId: 'projector.spec' });
    publisher = messaging.publisher();
    database = await openDatabase({ url: test.url, schema: 'read_model', applicationName: 'projector.spec' });
    model = readModel(database);
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
    await messaging.close();
    await database.close();
    await test.drop();
  });

  it('shows what the topics say, and goes on where it stopped', async () => {
    const world = sample(12, 1);
    const messages = messagesOf(world);
    const first = await start();
    await publisher.publish(messages.slice(0, messages.length / 2));
    await until(async () => (await shown()).length > 2);
    await first.stop();
    await publisher.publish(messages.slice(messages.length / 2 - 5));
    const second = await start();
    await until(shows(expected(world)));
    expect(await metric(second, 'scheduled_scripts_projected_events_total')).toBeLessThan(messages.length);
    expect((await fetch(`${second.healthUrl}/readyz`)).status).toBe(200);
  }, 30_000);

  it('parks the key of a message that cannot be applied, and shows everything else', async () => {
    const world = sample(6, 2);
    const [sick, ...healthy] = world;
    if (!sick) throw new Error('no world');
    const service = await start();
    const poisoned = messagesOf([sick]).map((message, index) => (index === 0 ? { ...message, value: '{}' } : message));
    await publisher.publish([...poisoned, ...messagesOf(healthy)]);
    const known = new Set(healthy.map(({ life }) => life.script.id));
    await until(shows(expected(healthy)));
    expect((await shown()).every(({ id }) => known.has(id))).toBe(true);
    await until(async () => (await metric(service, 'scheduled_scripts_parked_keys')) === 1);
    const parked: string[] = [];
    const env = parseEnvironment(projectorEnvironment, environment());
    expect(await projector.commands?.['--parked']?.run(env, ['list'], (line) => parked.push(line))).toBe(0);
    expect(parked.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ key: sick.life.script.id }]);
  }, 30_000);

  it('exchanges the read model while readers read and events come', async () => {
    const before = sample(25, 3);
    const after = sample(10, 4);
    const late = messagesOf(after);
    await start();
    await publisher.publish(messagesOf(before));
    await until(shows(expected(before)));
    await database.query(`UPDATE scheduled_scripts_g1 SET status = 'cancelled', version = 99`);

    const done = new AbortController();
    const known = new Set(before.map(({ life }) => life.script.id));
    const readers = [1, 2, 3].map(async () => {
      let reads = 0;
      for (; !done.signal.aborted; reads += 1) {
        const seen = (await shown()).filter(({ id }) => known.has(id));
        // Whole, and of one generation: all as they were spoilt, or all as they are.
        expect(seen).toHaveLength(known.size);
        expect(new Set(seen.map(({ version }) => version === 99)).size).toBe(1);
      }
      return reads;
    });
    const publishing = (async () => {
      for (const message of late) await publisher.publish([message]);
    })();
    await rebuild();
    await publishing;
    await until(shows(expected([...before, ...after])));
    done.abort();
    for (const reads of await Promise.all(readers)) expect(reads).toBeGreaterThan(5);
    expect((await generations(database)).map(({ number, state }) => `${number} ${state}`)).toEqual(['1 retired', '2 live']);
  }, 60_000);

  it('goes back to the generation before, brought up to now', async () => {
    const world = sample(8, 5);
    await start();
    await publisher.publish(messagesOf(world.slice(0, 4)));
    expect(await rebuild()).toBe(2);
    await publisher.publish(messagesOf(world.slice(4)));
    await until(shows(expected(world)));
    expect(await rebuild('rollback')).toBe(1);
    expect(await shown()).toHaveLength(world.length);
    await expect(rebuild('rollback')).resolves.toBe(2);
  }, 60_000);

  it('does not exchange a model for one that lacks a key', async () => {
    const world = sample(4, 6);
    await start();
    await publisher.publish(messagesOf(world));
    await until(shows(expected(world)));
    // As if the topic had been damaged since: the live rows are all there is of this script.
    await database.query(`UPDATE messaging.messages SET value = '{}' WHERE id = $1`, [firstOf(world[0]?.life).id]);
    await expect(rebuild()).rejects.toMatchObject({ code: 'rebuild_refused' });
    expect(await shown()).toHaveLength(world.length);
    expect((await generations(database)).map(({ state }) => state)).toEqual(['live', 'building']);
  }, 60_000);

  it('feeds no generation of another layout, and says so', async () => {
    await (await start()).stop();
    await database.query('UPDATE generations SET layout = layout + 1');
    const service = await start();
    const ready = await fetch(`${service.healthUrl}/readyz`);
    expect(ready.status).toBe(503);
  }, 30_000);
});

const sorted = (views: readonly ScheduledScriptView[]) =>
  views.map((view) => Object.fromEntries(Object.entries(view).sort(([one], [other]) => (one < other ? -1 : 1))));

const firstOf = (life: ScriptLife | undefined): EventMessage => {
  const message = life?.steps[0]?.message;
  if (!message || message.topic !== topics.scheduledScript) throw new Error('no message');
  return message;
};
