import type { Database, Queryable, Row, Transaction } from '@scheduled-scripts/postgres';
import { analyze, createIndexes, createTables, dropTables, layout, pointViewsAt } from './tables.js';

export interface Generation {
  readonly number: number;
  readonly layout: number;
  /** `live`: what readers see; `building`: being filled beside it; `retired`: what they saw before, kept for a way back. */
  readonly state: 'building' | 'live' | 'retired';
}

/** Notified when another generation has become the live one. */
export const generationChannel = 'read_model_generation';

/** Another generation has taken over, or this one was given up: whoever fed it must look which one to feed now. */
export class GenerationRetired extends Error {
  readonly code = 'generation_retired';
  constructor(generation: number) {
    super(`generation ${generation} of the read model is not written to any more`);
    this.name = 'GenerationRetired';
  }
}

/** Retired ones first, the last retired last of them. */
export const generations = async (db: Queryable): Promise<readonly Generation[]> =>
  db.query<Generation & Row>('SELECT number, layout, state FROM generations ORDER BY retired_at NULLS LAST, number');

export const liveGeneration = async (db: Queryable): Promise<Generation> => {
  const live = (await generations(db)).find(({ state }) => state === 'live');
  if (!live) throw new Error('the read model has no live generation: it has not been migrated');
  return live;
};

/** Shared with other writers; a switch waits until their transactions have ended. */
export const lockForWriting = async (tx: Transaction, generation: number): Promise<void> => {
  const rows = await tx.query(
    `SELECT FROM generations WHERE number = $1 AND state <> 'retired' FOR SHARE`,
    [generation],
    'lock-generation',
  );
  if (rows.length === 0) throw new GenerationRetired(generation);
};

const exclusively = <T>(database: Database, work: (tx: Transaction, all: readonly Generation[]) => Promise<T>): Promise<T> =>
  database.transaction(async (tx) => {
    // Readers and writers of generations pass, a second change does not.
    await tx.query('LOCK TABLE generations IN SHARE UPDATE EXCLUSIVE MODE');
    return work(tx, await generations(tx));
  });

const discard = async (tx: Transaction, number: number): Promise<void> => {
  await tx.query('DELETE FROM generations WHERE number = $1', [number]);
  await dropTables(tx, number);
};

/** The generation to fill for a rebuild: a new, empty one, unless one of this layout is half built already. */
export const beginGeneration = (database: Database): Promise<Generation> =>
  exclusively(database, async (tx, all) => {
    const building = all.find(({ state }) => state === 'building');
    if (building?.layout === layout) return building;
    if (building) await discard(tx, building.number);
    const [begun] = await tx.query<Generation & Row>(
      `INSERT INTO generations (layout, state) VALUES ($1, 'building') RETURNING number, layout, state`,
      [layout],
    );
    if (!begun) throw new Error('no generation was inserted');
    await createTables(tx, begun.number);
    return begun;
  });

/** Takes up the generation that was live before, for the way back; null when none is kept or another is being built. */
export const resumeRetired = (database: Database): Promise<Generation | null> =>
  exclusively(database, async (tx, all) => {
    const retired = all.findLast(({ state }) => state === 'retired');
    if (!retired || retired.layout !== layout || all.some(({ state }) => state === 'building')) return null;
    await tx.query(`UPDATE generations SET state = 'building', retired_at = NULL WHERE number = $1`, [retired.number]);
    return { ...retired, state: 'building' };
  });

/** What readers need beyond the rows. Writers of the generation wait meanwhile. */
export const prepareForReaders = async (db: Queryable, generation: number): Promise<void> => {
  await createIndexes(db, generation);
  await analyze(db, generation);
};

/**
 * Lets readers see `generation` instead of the live one, in one short transaction. The live one stands still from the first moment
 * of it; `caughtUp` resolves when `generation` holds everything that the live one held then, so that nobody is ever shown an older
 * state. When it rejects, nothing has changed. The generation before is kept for a way back, older ones are dropped.
 */
export const goLive = async (database: Database, generation: number, caughtUp: () => Promise<void>): Promise<void> => {
  await database.transaction(async (tx) => {
    await tx.query(`SET LOCAL lock_timeout = '5s'`);
    await tx.query(`SELECT FROM generations WHERE state = 'live' FOR UPDATE`);
    await caughtUp();
    await tx.query(`UPDATE generations SET state = 'retired', retired_at = clock_timestamp() WHERE state = 'live'`);
    const switched = await tx.query(`UPDATE generations SET state = 'live' WHERE number = $1 AND state = 'building' RETURNING number`, [
      generation,
    ]);
    if (switched.length === 0) throw new GenerationRetired(generation);
    // Readers queue behind us while we wait for one of them that takes long.
    await tx.query(`SET LOCAL lock_timeout = '1s'`);
    await pointViewsAt(tx, generation);
  });
  database.notify(generationChannel);
  await exclusively(database, async (tx, all) => {
    const retired = all.filter(({ state }) => state === 'retired');
    for (const { number } of retired.slice(0, -1)) await discard(tx, number);
  });
};
