import type { EventStore } from '../event-store.js';

export interface EventStoreOptions {
  /** Its scheme chooses the adapter: `postgres:` or `postgresql:`, or `esdb:` or `kurrentdb:`, both also with `+discover`. */
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
    case 'esdb:':
    case 'esdb+discover:':
    case 'kurrentdb:':
    case 'kurrentdb+discover:':
      return (await import('../kurrent/index.js')).openKurrentEventStore(options);
    default:
      throw new Error(`no event store speaks "${scheme}"; known are postgres:, postgresql:, esdb: and kurrentdb:`);
  }
};
