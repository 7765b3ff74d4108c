import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { siteExecutionJson, type EventMessage, type SiteExecutionJson } from '@scheduled-scripts/contracts';
import { executionLives, scriptLife } from '@scheduled-scripts/contracts/testing';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, until, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import * as fc from 'fast-check';
import { beginGeneration, beginning, goLive, project, readModel, readModelMigrations, type ChangePlace, type ReadModel } from '../index.js';

const worlds = scriptLife({ maximumSites: 30 })
  .filter(({ script }) => script.status === 'launched' && script.sites.length > 20)
  .chain((life) => fc.record({ life: fc.constant(life), runs: executionLives(life) }));
const samples = fc.sample(worlds, { numRuns: 5, seed: 71 });

const take = () => {
  const world = samples.pop();
  if (!world) throw new Error('no world is left');
  const { life, runs } = world;
  const key = { organizationId: life.script.organizationId, scriptId: life.script.id };
  const run = runs.find(({ execution }) => execution.issued && !execution.backup) ?? runs.find(({ execution }) => execution.issued);
  if (!run) throw new Error('no execution was issued');
  return { key, runs, run, begun: life.steps.map(({ message }) => message) };
};

/** One that goes on from the row that it saw last, as a stream does. */
class Follower {
  readonly rows = new Map<string, SiteExecutionJson>();
  read = 0;
  private place: ChangePlace = beginning;

  constructor(
    private readonly model: ReadModel,
    private readonly key: { readonly organizationId: string; readonly scriptId: string },
  ) {}

  async catchUp(rows = 3): Promise<void> {
    for (let more = true; more;) {
      const changed = await this.model.changedExecutions({ ...this.key, after: this.place, rows });
      ({ more } = changed);
      for (const row of changed.items) {
        this.rows.set(row.id, siteExecutionJson(row));
        this.place = row;
        this.read += 1;
      }
    }
  }
}

describe('changes of a script', () => {
  let test: TestDatabase;
  let database: Database;
  let model: ReadModel;
  const apply = (messages: readonly EventMessage[], generation = 1) => database.transaction((tx) => project(tx, generation, messages));
  const positionOf = async (scriptId: string) => (await model.positions([scriptId])).of(scriptId).position;
  const rowsOf = async (key: { organizationId: string; scriptId: string }) => {
    const { items } = await model.executions({ ...key, size: { rows: 1_000, bytes: 1 } });
    return new Map(items.map((row) => [row.id, siteExecutionJson(row)]));
  };

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'read_model', applicationName: 'changes.spec', poolSize: 12 });
    await database.migrate(readModelMigrations);
    model = readModel(database);
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('are counted once a batch, when somebody could see them', async () => {
    const { key, run, begun } = take();
    const [requested, claimed, ...rest] = run.messages;
    if (!requested || !claimed) throw new Error('no such messages');
    expect(await positionOf(key.scriptId)).toBe(0);
    await apply(begun);
    expect(await positionOf(key.scriptId)).toBe(1);
    await apply([requested]);
    expect(await positionOf(key.scriptId)).toBe(2);
    // That a site was claimed is nobody's business, and a repeat is nothing new.
    await apply([claimed]);
    await apply([requested, claimed]);
    expect(await positionOf(key.scriptId)).toBe(2);
    await apply(rest);
    expect(await positionOf(key.scriptId)).toBe(3);
    const { items } = await model.changedExecutions({ ...key, after: beginning, rows: 10 });
    expect(items.map(({ id, position }) => [id, position])).toEqual([[run.execution.executionId, 3]]);
    expect(await model.changedExecutions({ ...key, after: items[0] ?? beginning, rows: 10 })).toMatchObject({ items: [], more: false });
    const { items: theirs } = await model.changedExecutions({ ...key, organizationId: 'org_b', after: beginning, rows: 10 });
    expect(theirs).toEqual([]);
  });

  it('are met by whoever goes on from the last row, each row in its newest state only', async () => {
    const { key, runs } = take();
    const follower = new Follower(model, key);
    await apply(runs.flatMap(({ messages }) => messages.slice(0, 1)));
    await follower.catchUp();
    expect(follower.read).toBe(runs.length);
    await follower.catchUp();
    expect(follower.read).toBe(runs.length);
    await apply(runs.flatMap(({ messages }) => messages));
    await follower.catchUp();
    const rows = await rowsOf(key);
    expect([...follower.rows.values()]).toEqual(expect.arrayContaining([...rows.values()]));
    const moved = runs.filter(({ execution }) => !['requested', 'claimed'].includes(execution.phase));
    expect(follower.read - runs.length).toBeLessThanOrEqual(moved.length);
  });

  it('are missed by nobody, however many write at once', async () => {
    const [one, other] = [take(), take()];
    const followers = [new Follower(model, one.key), new Follower(model, other.key)];
    const queues = one.runs.map((run, index) => [...run.messages, ...(other.runs[index]?.messages ?? [])]);
    const writers = queues.map(async (messages, index) => {
      // Every second one has both scripts in its batches, in either order.
      const order = index % 2 === 0 ? messages : [...messages].sort((a, b) => b.key.localeCompare(a.key));
      for (const message of order) await apply([message]);
      await apply(order);
    });
    const done = new AbortController();
    const following = (async () => {
      while (!done.signal.aborted) for (const follower of followers) await follower.catchUp();
    })();
    await Promise.all(writers);
    done.abort();
    await following;
    for (const [index, { key }] of [one, other].entries()) {
      const follower = followers[index];
      await follower?.catchUp();
      expect(follower?.rows).toEqual(await rowsOf(key));
    }
  }, 20_000);

  it('are told apart by generation: rows, positions and its name always belong together', async () => {
    const { key, runs, begun } = take();
    const messages = [...begun, ...runs.flatMap((run) => run.messages)];
    await apply(messages);
    const names = new Set<string>();
    const done = new AbortController();
    const reading = (async () => {
      while (!done.signal.aborted) {
        const { generation } = (await model.positions([key.scriptId])).of(key.scriptId);
        const changed = await model.changedExecutions({ ...key, after: beginning, rows: 100 });
        names.add(generation).add(changed.generation);
        // In the first, all came in one batch; in the second, each message in its own.
        expect([changed.generation.split('.')[0], new Set(changed.items.map(({ position }) => position)).size > 1]).toEqual(
          changed.generation.startsWith('1.') ? ['1', false] : ['2', true],
        );
      }
    })();
    const { number } = await beginGeneration(database);
    for (const message of messages) await apply([message], number);
    await goLive(database, number, () => Promise.resolve());
    await until(() => names.size > 1);
    done.abort();
    await reading;
    expect([...names].map((name) => name.replace(/\.\w+$/, ''))).toEqual(['1', '2']);
  });
});
