import { ParkingLot, type Messaging } from '@scheduled-scripts/messaging';
import type { Logger } from '@scheduled-scripts/platform';
import { acquireLease, type Database } from '@scheduled-scripts/postgres';
import { beginGeneration, goLive, liveGeneration, prepareForReaders, resumeRetired, type Generation } from '@scheduled-scripts/read-model';
import { feedHandler, groupOf, openFeed } from '../feed/feed.js';
import { CatchUp } from './catch-up.js';

/** `rebuild`: a new generation from the beginning of the topics; `rollback`: the one that was live before, brought up to now. */
export type RebuildMode = 'rebuild' | 'rollback';

export interface RebuildOptions {
  readonly database: Database;
  readonly messaging: Messaging;
  readonly logger: Logger;
  /** Unique for each process: one rebuilds at a time, others wait. */
  readonly owner: string;
  readonly signal: AbortSignal;
  readonly batchSize?: number;
}

/** The new generation would show less than the live one does. It stays as it is, and the next rebuild goes on with it. */
export class RebuildRefused extends Error {
  readonly code = 'rebuild_refused';
  constructor(message: string) {
    super(message);
    this.name = 'RebuildRefused';
  }
}

/** Live writers stand still for the last stretch; it is a short one, or the next rebuild finishes the job. */
const switchMillis = 20_000;

/** Fills another generation beside the live one, shows it to readers once it holds all that the live one does, and answers its number. */
export const rebuild = async (mode: RebuildMode, options: RebuildOptions): Promise<number> => {
  const { database, owner, signal } = options;
  const lease = await acquireLease(database, { name: 'read-model-rebuild', owner, ttlMillis: 10_000 }, signal);
  if (!lease) throw signal.reason;
  try {
    const generation = mode === 'rebuild' ? await beginGeneration(database) : await resumeRetired(database);
    if (!generation) throw new RebuildRefused('no generation before the live one is kept that this code could feed');
    return await fill(generation, { ...options, signal: AbortSignal.any([signal, lease.signal]) });
  } finally {
    await lease.release();
  }
};

const fill = async (
  { number }: Generation,
  { database, messaging, logger, signal, batchSize = 5_000 }: RebuildOptions,
): Promise<number> => {
  const feed = { database, messaging, generation: number, batchSize };
  const catchUp = new CatchUp();
  const subscription = await openFeed(
    feed,
    catchUp.count(
      feedHandler({
        ...feed,
        onParked: (message, error) => logger.error({ err: error, messageId: message.id }, 'a message cannot be applied: its key is parked'),
      }),
    ),
  );
  try {
    logger.info({ generation: number }, 'filling a generation');
    await catchUp.reach(subscription, signal, reporting(logger));
    await prepareForReaders(database, number);
    await catchUp.reach(subscription, signal);
    await goLive(database, number, async () => {
      await catchUp.reach(subscription, AbortSignal.any([signal, AbortSignal.timeout(switchMillis)]));
      await refuseIfPoorer(database, number);
    });
    logger.info({ generation: number }, 'the generation is live');
  } finally {
    await subscription.stop();
  }
  return number;
};

const reporting = (logger: Logger): ((behind: number) => void) => {
  let quietUntil = 0;
  return (behind) => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + 5_000;
    logger.info({ behind }, 'messages to go');
  };
};

/** A key that is parked only here would be seen to go back in time. */
const refuseIfPoorer = async (database: Database, generation: number): Promise<void> => {
  const live = await liveGeneration(database);
  const parked = async (number: number) =>
    (await new ParkingLot(database, groupOf(number)).list(10_000)).map(({ topic, key }) => `${key} of ${topic}`);
  const known = new Set(await parked(live.number));
  const worse = (await parked(generation)).filter((key) => !known.has(key));
  if (worse.length === 0) return;
  throw new RebuildRefused(
    `generation ${generation} lacks ${worse.length} keys that the live one has, among them ${worse[0]}: see what is parked`,
  );
};
