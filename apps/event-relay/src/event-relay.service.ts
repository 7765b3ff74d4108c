import { Module } from '@nestjs/common';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { openTopics } from '@scheduled-scripts/messaging/open';
import type { ServiceDefinition } from '@scheduled-scripts/platform';
import { migrateSchema, openDatabase, processOwner } from '@scheduled-scripts/postgres';
import { checkpointMigrations } from './checkpoint/checkpoint.migrations.js';
import { eventRelayEnvironment, type EventRelayEnvironment } from './environment.js';
import { EventRelayWorker } from './relay/event-relay.worker.js';
import { RelayStatus } from './relay/relay-status.js';

const name = 'event-relay';

const databaseOf = (env: EventRelayEnvironment) => ({ url: env.DATABASE_URL.reveal(), schema: 'event_relay', applicationName: name });

/** Has no HTTP of its own beside health and metrics. */
@Module({})
class EventRelayModule {}

export const eventRelay: ServiceDefinition<typeof eventRelayEnvironment> = {
  name,
  description: 'Copies every event of the event store to its topic, in order; one relay is active, the others stand by.',
  environment: eventRelayEnvironment,
  migrate: (env) => migrateSchema(databaseOf(env), checkpointMigrations),
  create: async ({ env, logger, metrics, opened }) => {
    const database = opened('database', await openDatabase(databaseOf(env)));
    await database.migrate(checkpointMigrations, env.MIGRATIONS);
    const store = opened('event store', await openEventStore({ url: env.EVENT_STORE_URL.reveal(), applicationName: name }));
    const onError = (error: unknown): void => logger.warn({ err: error }, 'will be tried again');
    const messaging = opened('topics', await openTopics({ url: env.MESSAGING_URL.reveal(), clientId: name, onError }));
    const publisher = messaging.publisher();
    const status = new RelayStatus(metrics, logger, Date.now);
    const worker = new EventRelayWorker({
      store,
      publisher,
      database,
      status,
      owner: processOwner(),
      leaseMillis: env.RELAY_LEASE_MILLIS,
    });
    return {
      module: EventRelayModule,
      workers: [worker],
      readiness: {
        'event store': () => store.ping(),
        topics: () => publisher.ping(),
        database: () => database.ping(),
        relay: () => status.check(),
      },
    };
  },
};
