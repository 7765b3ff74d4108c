import type { EventStore } from '../event-store.js';

export interface EventStoreOptions {
  /** Its scheme chooses the adapter: `postgres:`, `postgresql:`. */
  readonly url: string;
  /** By which the server knows us. */
  readonly applicationName: string;
}

/** Loads only the adapter that the URL asks for, and its driver. Throws `StoreUnavailable` when the store cannot be reached. */
export const openEventStore = async (options: EventStoreOptions): Promise<EventStore> => {
  const scheme = options.url.slice(0, options.url.indexOf(':') + 1);
  switch (scheme) {
    case 'postgres:':
    case 'postgresql:':
      return (await import('../postgres/index.js')).openPostgresEventStore(options);
    default:
      throw new Error(`no event store speaks "${scheme}"; known are postgres: and postgresql:`);
  }
};
