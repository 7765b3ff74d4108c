import type { HandleMessages, ParkingLot } from './parking-lot.js';

/** A consumer's parking lot, and what it does with a message. */
export interface ParkedAccess {
  readonly lot: ParkingLot;
  readonly handle: HandleMessages;
  close(): Promise<void>;
}

const usage = 'list | replay TOPIC KEY | drop TOPIC KEY';

const act = async (
  { lot, handle }: ParkedAccess,
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
export const parkedCommand = <Env>(open: (env: Env) => Promise<ParkedAccess>) => ({
  usage,
  description: 'shows the keys whose messages cannot be handled, handles them again in order, or throws them away',
  run: async (env: Env, args: readonly string[], print: (line: string) => void): Promise<number> => {
    const access = await open(env);
    try {
      return await act(access, args, print);
    } finally {
      await access.close();
    }
  },
});
