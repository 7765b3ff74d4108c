import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventMessage } from '@scheduled-scripts/contracts';
import { scriptLife } from '@scheduled-scripts/contracts/testing';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, until, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import * as fc from 'fast-check';
import {
  beginGeneration,
  generations,
  goLive,
  liveGeneration,
  prepareForReaders,
  project,
  readModel,
  readModelMigrations,
  resumeRetired,
  type ReadModel,
} from '../index.js';

const lives = fc.sample(scriptLife({ organizationId: 'org_a' }), { numRuns: 40, seed: 21 });
const log = lives.flatMap(({ steps }) => steps.map(({ message }) => message));
const caughtUp = () => Promise.resolve();

describe('generations of the read model', () => {
  let test: TestDatabase;
  let database: Database;
  let model: ReadModel;
  const feed = (generation: number, messages: readonly EventMessage[]) => database.transaction((tx) => project(tx, generation, messages));
  const shown = async () => (await model.list({ organizationId: 'org_a', size: { rows: 1_000, bytes: 8_388_608 } })).items;
  const states = async () => (await generations(database)).map(({ number, state }) => `${number} ${state}`).sort();
  const tables = async () => {
    const rows = await database.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_name LIKE 'scheduled_scripts_g%' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };

  beforeEach(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'read_model', applicationName: 'generations.spec', poolSize: 8 });
    await database.migrate(readModelMigrations);
    model = readModel(database);
    await feed(1, log);
  });

  afterEach(async () => {
    await database.close();
    await test.drop();
  });

  it('are built unseen and then shown whole, to readers that never stop reading', async () => {
    const before = await shown();
    expect(before).toHaveLength(lives.length);
    const done = new AbortController();
    let reads = 0;
    const reader = async (): Promise<void> => {
      for (; !done.signal.aborted; reads += 1) expect(await shown()).toEqual(before);
    };
    const readers = [reader(), reader(), reader()];
    const { number } = await beginGeneration(database);
    for (let from = 0; from < log.length; from += 20) await feed(number, log.slice(from, from + 20));
    await prepareForReaders(database, number);
    await goLive(database, number, caughtUp);
    const atSwitch = reads;
    await until(() => reads > atSwitch + 6);
    done.abort();
    await Promise.all(readers);
    expect(await states()).toEqual(['1 retired', '2 live']);
    await expect(feed(1, log)).rejects.toMatchObject({ code: 'generation_retired' });
    await feed(2, log);
    expect(await shown()).toEqual(before);
  });

  it('are switched only when the new one has what the live one had', async () => {
    const { number } = await beginGeneration(database);
    await feed(number, log.slice(0, -1));
    const order: string[] = [];
    let late: Promise<void> | undefined;
    await goLive(database, number, async () => {
      // A batch for the live one, which must wait now and find itself too late then.
      late = feed(1, log).then(
        () => void order.push('written to the old one'),
        () => void order.push('refused by the old one'),
      );
      await feed(number, log);
      order.push('caught up');
    });
    await late;
    expect(order).toEqual(['caught up', 'refused by the old one']);
    expect(await shown()).toHaveLength(lives.length);
  });

  it('stay as they are when the new one does not catch up', async () => {
    const { number } = await beginGeneration(database);
    await expect(goLive(database, number, () => Promise.reject(new Error('too slow')))).rejects.toThrow('too slow');
    expect(await states()).toEqual(['1 live', '2 building']);
    expect(await shown()).toHaveLength(lives.length);
    await feed(1, log);
    // The next attempt goes on with what is there.
    expect((await beginGeneration(database)).number).toBe(number);
  });

  it('leave a way back, and no more than one', async () => {
    const second = await beginGeneration(database);
    await goLive(database, second.number, caughtUp);
    expect(await shown()).toEqual([]);
    const back = await resumeRetired(database);
    expect(back?.number).toBe(1);
    expect(await resumeRetired(database)).toBeNull();
    await feed(1, log);
    await goLive(database, 1, caughtUp);
    expect(await shown()).toHaveLength(lives.length);
    expect((await liveGeneration(database)).number).toBe(1);
    const third = await beginGeneration(database);
    await goLive(database, third.number, caughtUp);
    expect(await states()).toEqual(['1 retired', '3 live']);
    expect(await tables()).toEqual(['scheduled_scripts_g1', 'scheduled_scripts_g3']);
  });

  it('of another layout are thrown away before they are finished', async () => {
    const { number } = await beginGeneration(database);
    await database.query('UPDATE generations SET layout = layout - 1 WHERE number = $1', [number]);
    const next = await beginGeneration(database);
    expect(next.number).toBe(number + 1);
    expect(await tables()).toEqual(['scheduled_scripts_g1', `scheduled_scripts_g${next.number}`]);
  });
});
