import { Module } from '@nestjs/common';
import { topicSpecifications } from '@scheduled-scripts/contracts';
import { openMessaging } from '@scheduled-scripts/messaging/open';
import { consumerMetrics, type ServiceDefinition } from '@scheduled-scripts/platform';
import { migrateSchema, openDatabase } from '@scheduled-scripts/postgres';
import { projectorEnvironment, type ProjectorEnvironment } from './environment.js';
import { LiveFeed } from './feed/live-feed.worker.js';
import { projectorMetrics } from './projector.metrics.js';
import { projectorMigrations } from './projector.migrations.js';

const name = 'projector';

const databaseOf = (env: ProjectorEnvironment) => ({
  url: env.DATABASE_URL.reveal(),
  schema: 'read_model',
  applicationName: name,
  poolSize: 8,
});

/** Has no HTTP of its own beside health and metrics. */
@Module({})
class ProjectorModule {}

export const projector: ServiceDefinition<typeof projectorEnvironment> = {
  name,
  description: 'writes what the topics say to the read model; with --rebuild or --rollback it exchanges the read model and ends',
  environment: projectorEnvironment,
  migrate: (env) => migrateSchema(databaseOf(env), projectorMigrations),
  create: async ({ env, logger, metrics, opened }) => {
    const database = opened('database', await openDatabase(databaseOf(env)));
    await database.migrate(projectorMigrations, env.MIGRATIONS);
    const onError = (error: unknown): void => logger.warn({ err: error }, 'will be tried again');
    const messaging = opened('topics', await openMessaging({ url: env.MESSAGING_URL.reveal(), clientId: name, onError }));
    await messaging.ensureTopics(topicSpecifications);

    const meters = projectorMetrics(metrics);
    const consumption = consumerMetrics(metrics, logger);
    const feed = new LiveFeed({
      database,
      messaging,
      logger,
      batchSize: env.PROJECTOR_BATCH_SIZE,
      onProjected: ({ applied, unknown }) => {
        meters.applied(applied);
        consumption.skipped(unknown);
      },
      onParked: consumption.parked,
    });
    consumption.watch(feed);
    meters.watch(feed);

    return {
      module: ProjectorModule,
      workers: [feed],
      readiness: { database: () => database.ping(), feed: () => feed.checkJoined() },
    };
  },
};
