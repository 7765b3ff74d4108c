import { Module } from '@nestjs/common';
import { topics } from '@scheduled-scripts/contracts';
import { scheduledScripts, siteExecutions } from '@scheduled-scripts/event-store';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { parkedCommand, parkingConsumer, parkingMigrations } from '@scheduled-scripts/messaging';
import { openTopics } from '@scheduled-scripts/messaging/open';
import { consumerMetrics, type ServiceDefinition } from '@scheduled-scripts/platform';
import { migrateSchema, openDatabase, processOwner, WorkLoop } from '@scheduled-scripts/postgres';
import { launchDue } from './due/launch-due.js';
import { launcherEnvironment, type LauncherEnvironment } from './environment.js';
import { takeIn } from './intake/take-in.js';
import { launcherMetrics } from './launcher.metrics.js';
import { dueChannel, dueList, LauncherTables1767225600001, rolloutChannel, rolloutList } from './launcher.tables.js';
import { RollOut } from './rollout/roll-out.js';

@Module({})
class LauncherModule {}

const name = 'launcher';
/** Rows are claimed so long before their instant, that a timer and not a poll decides when they fire. */
const aheadMillis = 2_000;
/** A launcher that dies holds its rows no longer than this: how late the launches that it had taken will be. */
const leaseMillis = 2_000;
/** Each may hold the text of its script. */
const launchesAtOnce = 2_000;

const migrations = [LauncherTables1767225600001, ...parkingMigrations];

const databaseOf = (env: LauncherEnvironment) => ({
  url: env.DATABASE_URL.reveal(),
  schema: name,
  applicationName: name,
  poolSize: 8,
});

/** Launches what is authorized at its instant, asks for the executions of a rollout, and notes when it has ended. */
export const launcher: ServiceDefinition<typeof launcherEnvironment> = {
  name,
  description: 'launches authorized scripts on time and drives their rollouts',
  environment: launcherEnvironment,
  migrate: (env) => migrateSchema(databaseOf(env), migrations),
  commands: {
    '--parked': parkedCommand(
      (env) => openDatabase(databaseOf(env)),
      () => ({ group: name, handle: (messages, tx) => takeIn(tx, messages) }),
    ),
  },
  create: async ({ env, logger, metrics, opened }) => {
    const database = opened('database', await openDatabase(databaseOf(env)));
    await database.migrate(migrations, env.MIGRATIONS);
    const store = opened('event store', await openEventStore({ url: env.EVENT_STORE_URL.reveal(), applicationName: name }));
    const onError = (error: unknown): void => logger.warn({ err: error }, 'will be tried again');
    const messaging = opened('topics', await openTopics({ url: env.MESSAGING_URL.reveal(), clientId: name, onError }));

    const meters = launcherMetrics(metrics, database);
    const owner = processOwner();
    const scripts = scheduledScripts(store);
    const rollOut = new RollOut({ database, scripts, executions: siteExecutions(store) });

    const consumer = parkingConsumer({
      database,
      messaging,
      group: name,
      topics: Object.values(topics),
      consumption: consumerMetrics(metrics, logger),
      takeIn: async (messages, tx) => {
        const { due, work, unknown } = await takeIn(tx, messages);
        return { unknown, wake: [...(due ? [dueChannel] : []), ...(work ? [rolloutChannel] : [])] };
      },
    });
    const due = new WorkLoop({
      name: 'due launches',
      database,
      list: dueList,
      owner,
      parallel: launchesAtOnce,
      leaseMillis,
      aheadMillis,
      pollMillis: 500,
      wakeChannel: dueChannel,
      longestRetryPauseMillis: 1_000,
      onError,
      handle: launchDue({
        scripts,
        graceMillis: env.LAUNCH_GRACE_MILLIS,
        windowMillis: env.EXECUTION_WINDOW_MILLIS,
        onFired: meters.fired,
      }),
    });
    const rollouts = new WorkLoop({
      name: 'rollouts',
      database,
      list: rolloutList,
      owner,
      parallel: env.ROLLOUTS_AT_ONCE,
      leaseMillis,
      wakeChannel: rolloutChannel,
      onError,
      handle: (item, signal) => rollOut.handle(item, signal),
    });

    return {
      module: LauncherModule,
      workers: [due, rollouts, consumer],
      readiness: { database: () => database.ping(), 'event store': () => store.ping(), topics: () => consumer.checkJoined() },
    };
  },
};
