import { Module } from '@nestjs/common';
import { topics } from '@scheduled-scripts/contracts';
import { scheduledScripts, siteExecutions } from '@scheduled-scripts/event-store';
import { ConsumerWorker, type HandleMessages, parkedCommand, parkingHandler, ParkingLot } from '@scheduled-scripts/messaging';
import { consumerMetrics, type ServiceDefinition } from '@scheduled-scripts/platform';
import { migrateSchema, openDatabase, processOwner, WorkLoop } from '@scheduled-scripts/postgres';
import { connectRouter, verifyDriver } from '@scheduled-scripts/routeros';
import { parseKeyRing } from '@scheduled-scripts/site-directory';
import { databaseOf, migrations, openConnections } from './connections.js';
import { deviceExecutorEnvironment, type DeviceExecutorEnvironment } from './environment.js';
import { deviceExecutorMetrics } from './device-executor.metrics.js';
import { executionChannel, executionList } from './device-executor.tables.js';
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

const takeMessages: HandleMessages = async (messages, tx) => void (await takeIn(tx, messages));

/** Runs one script at one site, once, and finds out what happened. */
export const deviceExecutor: ServiceDefinition<typeof deviceExecutorEnvironment> = {
  name,
  description: 'runs scripts on routers and finds out what happened',
  environment: deviceExecutorEnvironment,
  migrate: (env) => migrateSchema(databaseOf(env, name), migrations),
  commands: {
    '--parked': parkedCommand(
      (env: DeviceExecutorEnvironment) => openDatabase(databaseOf(env, name)),
      () => ({ group: name, handle: takeMessages }),
    ),
  },
  async create({ env, logger, metrics, opened }) {
    await verifyDriver();
    const keyRing = parseKeyRing(env.CREDENTIALS_KEYS.reveal());
    const onError = (error: unknown): void => logger.warn({ err: error }, 'will be tried again');
    const { database, store, messaging } = await openConnections(env, name, opened, onError);

    const meters = deviceExecutorMetrics(metrics, database);
    const consumption = consumerMetrics(metrics, logger);
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
      keyRing,
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

    const take = parkingHandler({
      database,
      group: name,
      onParked: consumption.parked,
      handle: takeMessages,
    });
    const consumer = new ConsumerWorker(messaging, { group: name, topics: [topics.siteExecution] }, async (batch, context) => {
      await take(batch, context);
      database.notify(executionChannel);
    });
    const lot = new ParkingLot(database, name);
    consumption.watch({ lag: () => consumer.lag(), parkedKeys: async () => (await lot.count()).keys });

    const executions = new WorkLoop({
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
      workers: [{ name: 'executions', start: () => executions.start(), stop: () => executions.stop() }, consumer],
      readiness: { database: () => database.ping(), 'event store': () => store.ping(), topics: () => consumer.checkJoined() },
    };
  },
};
