import type { Database } from '@scheduled-scripts/postgres';
import { type HandleMessages, ParkingLot } from './parking-lot.js';

/** Whose messages are parked, and what becomes of one. */
export interface ParkedConsumer {
  readonly group: string;
  readonly handle: HandleMessages;
}

const usage = 'list | replay TOPIC KEY | drop TOPIC KEY';

const act = async (
  lot: ParkingLot,
  handle: HandleMessages,
  [action, topic, key]: readonly string[],
  print: (line: string) => void,
): Promise<number> => {
  if (action === 'list') {
    for (const parked of await lot.list(1_000)) print(JSON.stringify(parked));
    return 0;
  }
  if (topic === undefined || key === undefined) {
    print(`usage: --parked ${usage}`);
    return 2;
  }
  if (action === 'drop') {
    print(`dropped ${await lot.drop({ topic, key })} messages; the key flows again`);
    return 0;
  }
  if (action !== 'replay') {
    print(`usage: --parked ${usage}`);
    return 2;
  }
  const outcome = await lot.replay({ topic, key }, handle);
  if (outcome.ok) print(`replayed ${outcome.replayed} messages; the key flows again`);
  else print(`replayed ${outcome.replayed} messages; message ${outcome.failedId} still fails: ${String(outcome.error).slice(0, 500)}`);
  return outcome.ok ? 0 : 1;
};

/** What a service's `--parked` does: shows what cannot be handled, replays it in order, or throws it away. Safe beside live consumers. */
export const parkedCommand = <Env>(
  openDatabase: (env: Env) => Promise<Database>,
  consumerOf: (database: Database) => ParkedConsumer | Promise<ParkedConsumer>,
) => ({
  usage,
  description: 'shows the keys whose messages cannot be handled, handles them again in order, or throws them away',
  run: async (env: Env, args: readonly string[], print: (line: string) => void): Promise<number> => {
    const database = await openDatabase(env);
    try {
      const { group, handle } = await consumerOf(database);
      return await act(new ParkingLot(database, group), handle, args, print);
    } finally {
      await database.close();
    }
  },
});
