import { Module } from '@nestjs/common';
import { topicSpecifications } from '@scheduled-scripts/contracts';
import { openMessaging } from '@scheduled-scripts/messaging/open';
import type { ServiceDefinition } from '@scheduled-scripts/platform';
import { migrateSchema, openDatabase } from '@scheduled-scripts/postgres';
import { projectorEnvironment, type ProjectorEnvironment } from './environment.js';
import { LiveFeed } from './feed/live-feed.worker.js';
import { projectorMetrics, watchFeed } from './projector.metrics.js';
import { projectorMigrations } from './projector.migrations.js';

const databaseOf = (env: ProjectorEnvironment) => ({
  url: env.DATABASE_URL.reveal(),
  schema: 'read_model',
  applicationName: 'projector',
  poolSize: 8,
});

/** Has no HTTP of its own beside health and metrics. */
@Module({})
class ProjectorModule {}

export const projector: ServiceDefinition<typeof projectorEnvironment> = {
  name: 'projector',
  description: 'writes what the topics say to the read model; with --rebuild or --rollback it exchanges the read model and ends',
  environment: projectorEnvironment,
  migrate: (env) => migrateSchema(databaseOf(env), projectorMigrations),
  create: async ({ env, logger, metrics }) => {
    const database = await openDatabase(databaseOf(env));
    await database.migrate(projectorMigrations, env.MIGRATIONS);
    const onError = (error: unknown): void => logger.warn({ err: error }, 'will be tried again');
    const messaging = await openMessaging({ url: env.MESSAGING_URL.reveal(), clientId: 'projector', onError });
    await messaging.ensureTopics(topicSpecifications);

    const meters = projectorMetrics(metrics);
    const feed = new LiveFeed({
      database,
      messaging,
      logger,
      batchSize: env.PROJECTOR_BATCH_SIZE,
      onProjected: ({ applied, unknown }) => {
        meters.applied.inc(applied);
        meters.unknown.inc(unknown);
      },
      onParked: (message, error) => {
        meters.parked.inc();
        logger.error({ err: error, topic: message.topic, messageId: message.id }, 'a message cannot be applied: its key is parked');
      },
    });
    watchFeed(metrics, database, feed);

    return {
      module: ProjectorModule,
      workers: [feed],
      readiness: { database: () => database.ping(), feed: () => feed.checkJoined() },
      close: async () => {
        await Promise.allSettled([messaging.close(), database.close()]);
      },
    };
  },
};
