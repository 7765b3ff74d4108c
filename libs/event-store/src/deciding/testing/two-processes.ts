import { createTestDatabase } from '@scheduled-scripts/postgres/testing';
import type { EventStore } from '../../event-store.js';
import { openEventStore } from '../../open/index.js';

/** One store as two processes have it. */
export interface TwoProcesses {
  readonly store: EventStore;
  readonly others: EventStore;
  /** The first one's, as it is but for what is said. */
  readonly storeWith: (over: Partial<EventStore>) => EventStore;
  readonly stop: () => Promise<void>;
}

export const startTwoProcesses = async (): Promise<TwoProcesses> => {
  const server = await createTestDatabase();
  const open = () => openEventStore({ url: server.url, applicationName: 'spec' });
  const [store, others] = [await open(), await open()];
  return {
    store,
    others,
    storeWith: (over) => ({
      append: (append) => store.append(append),
      appendMany: (appends) => store.appendMany(appends),
      read: (stream, options) => store.read(stream, options),
      follow: (options) => store.follow(options),
      ping: () => store.ping(),
      close: async () => undefined,
      ...over,
    }),
    stop: async () => {
      await store.close();
      await others.close();
      await server.drop();
    },
  };
};
