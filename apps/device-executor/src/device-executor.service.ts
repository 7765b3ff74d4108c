import { Module } from '@nestjs/common';
import { topics } from '@scheduled-scripts/contracts';
import { scheduledScripts, siteExecutions } from '@scheduled-scripts/event-store';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { parkedCommand, parkingConsumer, parkingMigrations } from '@scheduled-scripts/messaging';
import { openTopics } from '@scheduled-scripts/messaging/open';
import { consumerMetrics, type ServiceDefinition } from '@scheduled-scripts/platform';
import { migrateSchema, openDatabase, processOwner, WorkLoop } from '@scheduled-scripts/postgres';
import { connectRouter, verifyDriver } from '@scheduled-scripts/routeros';
import { parseKeyRing } from '@scheduled-scripts/site-directory';
import { backupMigrations } from '@scheduled-scripts/site-directory/backups';
import { deviceExecutorMetrics } from './device-executor.metrics.js';
import { executionChannel, executionList, ExecutorTables1767225600002 } from './device-executor.tables.js';
import { deviceExecutorEnvironment, type DeviceExecutorEnvironment } from './environment.js';
import { takeIn } from './intake/take-in.js';
import { Driver } from './procedure/drive.js';
import { Execute } from './procedure/execute.js';
import { ExecutionStreams } from './procedure/execution-streams.js';
import { ScriptTexts } from './procedure/script-text.js';
import type { Place } from './router/reach-site.js';

@Module({})
class DeviceExecutorModule {}

const name = 'device-executor';
/** An executor that dies gives up its sites after this. */
const leaseMillis = 10_000;

const migrations = [ExecutorTables1767225600002, ...parkingMigrations, ...backupMigrations];

const databaseOf = (env: DeviceExecutorEnvironment) => ({
  url: env.DATABASE_URL.reveal(),
  schema: 'device_executor',
  applicationName: name,
  poolSize: 10,
});

/** Runs one script at one site, once, and finds out what happened. */
export const deviceExecutor: ServiceDefinition<typeof deviceExecutorEnvironment> = {
  name,
  description: 'runs scripts on routers and finds out what happened',
  environment: deviceExecutorEnvironment,
  migrate: (env) => migrateSchema(databaseOf(env), migrations),
  commands: {
    '--parked': parkedCommand(
      (env) => openDatabase(databaseOf(env)),
      () => ({ group: name, handle: (messages, tx) => takeIn(tx, messages) }),
    ),
  },
  create: async ({ env, logger, metrics, opened }) => {
    await verifyDriver();
    const database = opened('database', await openDatabase(databaseOf(env)));
    await database.migrate(migrations, env.MIGRATIONS);
    const store = opened('event store', await openEventStore({ url: env.EVENT_STORE_URL.reveal(), applicationName: name }));
    const onError = (error: unknown): void => logger.warn({ err: error }, 'will be tried again');
    const messaging = opened('topics', await openTopics({ url: env.MESSAGING_URL.reveal(), clientId: name, onError }));

    const meters = deviceExecutorMetrics(metrics, database);
    const owner = processOwner();
    const driver = new Driver({
      streams: new ExecutionStreams(siteExecutions(store), owner),
      texts: new ScriptTexts(scheduledScripts(store)),
      archive: database,
      scriptTimeoutMillis: env.SCRIPT_TIMEOUT_MILLIS,
      logger,
      onEnd: ({ executionId, scriptId, siteId }, finish) => {
        meters.ended(finish);
        logger.info({ executionId, scriptId, siteId, ...finish }, 'an execution has ended');
      },
      onResolved: ({ executionId, scriptId, siteId }, finish) => {
        meters.resolved(finish);
        logger.info({ executionId, scriptId, siteId, ...finish }, 'the truth about an unknown outcome has been found');
      },
    });
    const reach = {
      directory: database,
      keyRing: parseKeyRing(env.CREDENTIALS_KEYS.reveal()),
      connect: connectRouter,
      allowLoopback: env.ALLOW_LOOPBACK_SITES,
      installation: env.INSTALLATION_ID,
      connectTimeoutMillis: env.CONNECT_TIMEOUT_MILLIS,
      loginTimeoutMillis: env.LOGIN_TIMEOUT_MILLIS,
      commandTimeoutMillis: env.COMMAND_TIMEOUT_MILLIS,
      onUnreadable: (error: Error, { siteId }: Place) => {
        meters.unreadable.inc();
        logger.error({ err: error, siteId }, 'the password of a site cannot be opened: CREDENTIALS_KEYS lacks a key, or has another one');
      },
    };
    const execute = new Execute(driver, reach, logger);

    const consumer = parkingConsumer({
      database,
      messaging,
      group: name,
      topics: [topics.siteExecution],
      consumption: consumerMetrics(metrics, logger),
      takeIn: async (messages, tx) => ({ ...(await takeIn(tx, messages)), wake: [executionChannel] }),
    });
    const executions = new WorkLoop({
      name: 'executions',
      database,
      list: executionList,
      owner,
      parallel: env.EXECUTIONS_AT_ONCE,
      leaseMillis,
      wakeChannel: executionChannel,
      onError: (error, item) => {
        if (item === null) return onError(error);
        meters.failures.inc();
        logger.error({ err: error, executionId: item.id, siteId: item.lane, attempts: item.attempts }, 'an execution will be tried again');
      },
      handle: (item, signal) => execute.handle(item, signal),
    });

    return {
      module: DeviceExecutorModule,
      workers: [executions, consumer],
      readiness: { database: () => database.ping(), 'event store': () => store.ping(), topics: () => consumer.checkJoined() },
    };
  },
};
