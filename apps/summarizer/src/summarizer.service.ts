import { Module } from '@nestjs/common';
import { topics } from '@scheduled-scripts/contracts';
import { scheduledScripts, scriptSummaries } from '@scheduled-scripts/event-store';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { parkedCommand, parkingConsumer, parkingMigrations } from '@scheduled-scripts/messaging';
import { openTopics } from '@scheduled-scripts/messaging/open';
import { consumerMetrics, type ServiceDefinition } from '@scheduled-scripts/platform';
import { migrateSchema, openDatabase, processOwner, WorkLoop } from '@scheduled-scripts/postgres';
import { summarizerEnvironment, type SummarizerEnvironment } from './environment.js';
import { takeIn } from './intake/take-in.js';
import { summarizerMetrics } from './summarizer.metrics.js';
import { summaryChannel, summaryList, SummarizerTables1767225600004 } from './summarizer.tables.js';
import { summarize } from './work/summarize.js';
import { chosenWriter } from './writer/chosen-writer.js';

@Module({})
class SummarizerModule {}

const name = 'summarizer';

const migrations = [SummarizerTables1767225600004, ...parkingMigrations];

const databaseOf = (env: SummarizerEnvironment) => ({ url: env.DATABASE_URL.reveal(), schema: name, applicationName: name });

/** Says in plain words what each script does. Nobody waits for it. */
export const summarizer: ServiceDefinition<typeof summarizerEnvironment> = {
  name,
  description: 'writes in plain words what each script does',
  environment: summarizerEnvironment,
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

    const meters = summarizerMetrics(metrics, database);
    const write = await chosenWriter(env, (reason, status) => {
      meters.fellBack(reason);
      logger.warn({ reason, status }, 'the language model has not written; the explainer has');
    });

    const consumer = parkingConsumer({
      database,
      messaging,
      group: name,
      topics: [topics.scheduledScript],
      consumption: consumerMetrics(metrics, logger),
      takeIn: async (messages, tx) => ({ ...(await takeIn(tx, messages)), wake: [summaryChannel] }),
    });
    const summaries = new WorkLoop({
      name: 'summaries',
      database,
      list: summaryList,
      owner: processOwner(),
      parallel: env.SUMMARIES_AT_ONCE,
      leaseMillis: 5_000,
      wakeChannel: summaryChannel,
      onError: (error, item) => {
        if (item) meters.failed();
        logger.warn({ err: error, work: item?.id }, 'a text could not be summarized and will be tried again');
      },
      handle: summarize({
        scripts: scheduledScripts(store),
        summaries: scriptSummaries(store),
        write,
        now: Date.now,
        onWritten: meters.written,
        onDealtWith: meters.dealtWith,
      }),
    });

    return {
      module: SummarizerModule,
      workers: [summaries, consumer],
      // Not the language model: without it the explainer writes.
      readiness: { database: () => database.ping(), 'event store': () => store.ping(), topics: () => consumer.checkJoined() },
    };
  },
};
