import { Module } from '@nestjs/common';
import { parkedCommand, type ParkedConsumer } from '@scheduled-scripts/messaging';
import { openTopics } from '@scheduled-scripts/messaging/open';
import { consumerMetrics, type ServiceDefinition } from '@scheduled-scripts/platform';
import { migrateSchema, openDatabase, type Database } from '@scheduled-scripts/postgres';
import { liveGeneration, project } from '@scheduled-scripts/read-model';
import { projectorEnvironment } from './environment.js';
import { groupOf } from './feed/feed.js';
import { LiveFeed } from './feed/live-feed.worker.js';
import { projectorDatabase } from './projector.database.js';
import { projectorMetrics } from './projector.metrics.js';
import { projectorMigrations } from './projector.migrations.js';
import { rebuildCommand } from './rebuild/rebuild.command.js';

const name = 'projector';

/** Of the generation that readers see; what a rebuild has parked is told by the rebuild. */
const liveConsumer = async (database: Database): Promise<ParkedConsumer> => {
  const { number } = await liveGeneration(database);
  return { group: groupOf(number), handle: (messages, tx) => project(tx, number, messages) };
};

/** Has no HTTP of its own beside health and metrics. */
@Module({})
class ProjectorModule {}

export const projector: ServiceDefinition<typeof projectorEnvironment> = {
  name,
  description: 'writes what the topics say to the read model',
  environment: projectorEnvironment,
  migrate: (env) => migrateSchema(projectorDatabase(env, name), projectorMigrations),
  commands: {
    '--rebuild': rebuildCommand('rebuild', 'fills a new read model from the beginning of the topics, shows it to readers, and ends'),
    '--rollback': rebuildCommand('rollback', 'shows readers the read model before the present one, brought up to now, and ends'),
    '--parked': parkedCommand((env) => openDatabase(projectorDatabase(env, name)), liveConsumer),
  },
  create: async ({ env, logger, metrics, opened }) => {
    const database = opened('database', await openDatabase(projectorDatabase(env, name)));
    await database.migrate(projectorMigrations, env.MIGRATIONS);
    const onError = (error: unknown): void => logger.warn({ err: error }, 'will be tried again');
    const messaging = opened('topics', await openTopics({ url: env.MESSAGING_URL.reveal(), clientId: name, onError }));

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
