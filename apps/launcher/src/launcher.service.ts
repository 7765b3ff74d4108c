import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Module } from '@nestjs/common';
import { topics, topicSpecifications } from '@scheduled-scripts/contracts';
import { scheduledScripts, siteExecutions } from '@scheduled-scripts/event-store';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { ConsumerWorker, parkingHandler, parkingMigrations } from '@scheduled-scripts/messaging';
import { openMessaging } from '@scheduled-scripts/messaging/open';
import type { ServiceDefinition } from '@scheduled-scripts/platform';
import { openDatabase, WorkLoop } from '@scheduled-scripts/postgres';
import { launchDue } from './due/launch-due.js';
import { launcherEnvironment } from './environment.js';
import { takeIn } from './intake/intake.js';
import { dueChannel, dueList, LauncherTables1767225600001, rolloutChannel, rolloutList } from './launcher.tables.js';
import { launcherMetrics } from './launcher.metrics.js';
import { RollOut } from './rollout/roll-out.js';

@Module({})
class LauncherModule {}

const group = 'launcher';
/** Rows are claimed so long before their instant, that a timer and not a poll decides when they fire. */
const aheadMillis = 2_000;
/** A launcher that dies holds its rows no longer than this: the worst lateness after a crash. */
const leaseMillis = 2_000;
const launchesAtOnce = 5_000;

/** Launches what is authorized at its instant, asks for the executions of a rollout, and notes when it has ended. */
export const launcher: ServiceDefinition<typeof launcherEnvironment> = {
  name: 'launcher',
  description: 'launches authorized scripts on time and drives their rollouts',
  environment: launcherEnvironment,
  async create({ env, logger, metrics }) {
    const database = await openDatabase({ url: env.DATABASE_URL.reveal(), schema: 'launcher', applicationName: 'launcher', poolSize: 8 });
    await database.migrate([LauncherTables1767225600001, ...parkingMigrations]);
    const store = await openEventStore({ url: env.EVENT_STORE_URL.reveal(), applicationName: 'launcher' });
    const onError = (error: unknown): void => logger.warn({ err: error }, 'will be tried again');
    const messaging = await openMessaging({ url: env.MESSAGING_URL.reveal(), clientId: 'launcher', onError });
    await messaging.ensureTopics(topicSpecifications);

    const owner = `${hostname()}/${process.pid}/${randomUUID()}`;
    const scripts = scheduledScripts(store);
    const rollOut = new RollOut({ database, scripts, executions: siteExecutions(store) });
    const meters = launcherMetrics(metrics, database, group);

    const fresh = { due: false, work: false };
    const take = parkingHandler({
      database,
      group,
      onParked: (message, error) => {
        meters.parked.inc();
        logger.error({ err: error, topic: message.topic, messageId: message.id }, 'a message cannot be handled: its key is parked');
      },
      handle: async (messages, tx) => {
        const taken = await takeIn(tx, messages);
        fresh.due ||= taken.due;
        fresh.work ||= taken.work;
      },
    });
    const consumer = new ConsumerWorker(messaging, { group, topics: Object.values(topics) }, async (batch, context) => {
      await take(batch, context);
      // Only now, after the commit, is there anything to be seen.
      if (fresh.due) database.notify(dueChannel);
      if (fresh.work) database.notify(rolloutChannel);
      Object.assign(fresh, { due: false, work: false });
    });
    meters.watchLag(consumer);

    const due = new WorkLoop({
      database,
      list: dueList,
      owner,
      parallel: launchesAtOnce,
      leaseMillis,
      aheadMillis,
      pollMillis: 500,
      wakeChannel: dueChannel,
      onError,
      handle: launchDue({
        scripts,
        graceMillis: env.LAUNCH_GRACE_MILLIS,
        windowMillis: env.EXECUTION_WINDOW_MILLIS,
        onFired: (fired, lateMillis) => {
          meters.fired.inc({ fired });
          if (fired === 'launched') meters.lateness.observe(lateMillis / 1_000);
        },
      }),
    });
    const rollouts = new WorkLoop({
      database,
      list: rolloutList,
      owner,
      parallel: env.ROLLOUTS_AT_ONCE,
      leaseMillis: 10_000,
      wakeChannel: rolloutChannel,
      onError,
      handle: (item, signal) => rollOut.handle(item, signal),
    });

    return {
      module: LauncherModule,
      workers: [
        { name: 'due launches', start: () => due.start(), stop: () => due.stop() },
        { name: 'rollouts', start: () => rollouts.start(), stop: () => rollouts.stop() },
        consumer,
      ],
      readiness: { database: () => database.ping(), 'event store': () => store.ping(), topics: () => consumer.checkJoined() },
      close: async () => {
        await messaging.close();
        await store.close();
        await database.close();
      },
    };
  },
};
