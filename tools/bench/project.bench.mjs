import { topicSpecifications, toMessage } from '@scheduled-scripts/contracts';
import { openMessaging } from '@scheduled-scripts/messaging/open';
import { openDatabase } from '@scheduled-scripts/postgres';
import { project as projectBatch, readModelMigrations } from '@scheduled-scripts/read-model';
import { startPostgres } from './harness/postgres.mjs';
import { startProgram } from './harness/processes.mjs';
import { alternate, compared } from './harness/rounds.mjs';
import { openRowByRow } from './peers/row-by-row.mjs';
import { rolledOut, siteIds } from './stories.mjs';

/** Of a rollout at ten sites. */
const eventsPerScript = 54;
const batchSize = 1_000;
const liveEvents = 20_000;
const rowSeconds = 2;
const publishedAtOnce = 2_000;

const sites = siteIds(10);
const launchAtMillis = Date.parse('2026-03-01T02:00:00Z');

/** Of scripts that nobody has seen yet: repeats would change nothing. */
const newMessages = (count) =>
  Array.from({ length: Math.ceil(count / eventsPerScript) }, () => rolledOut({ sites, launchAtMillis }).map(toMessage)).flat();

const perSecond = (count, began) => ({ perSecond: count / ((performance.now() - began) / 1_000) });

const liveSide = (database) => async () => {
  const messages = newMessages(liveEvents);
  const began = performance.now();
  for (let from = 0; from < messages.length; from += batchSize) {
    await database.transaction((tx) => projectBatch(tx, 1, messages.slice(from, from + batchSize)));
  }
  return perSecond(messages.length, began);
};

const rowSide = (one) => async () => {
  // More than can be done in the time.
  const messages = newMessages(rowSeconds * 10_000);
  const began = performance.now();
  let count = 0;
  for (; count < messages.length && performance.now() - began < rowSeconds * 1_000; count += 1) await one(messages[count]);
  return perSecond(count, began);
};

/** The same projection, without what it gains by batches. */
const singleSide = (database) => rowSide((message) => database.transaction((tx) => projectBatch(tx, 1, [message])));

const fillTopics = async (messaging, count, say) => {
  await messaging.ensureTopics(topicSpecifications);
  const publisher = messaging.publisher();
  let published = 0;
  while (published < count) {
    const messages = newMessages(Math.min(publishedAtOnce, count - published));
    await publisher.publish(messages);
    published += messages.length;
    if (published % 50_000 < publishedAtOnce) say(`${published} of ${count} events are on the topics`);
  }
  return published;
};

/** As an operator runs it: a process that reads the topics from their beginning, and lets readers see the new tables. */
const rebuildSide = (scope, url, count) => async () => {
  const began = performance.now();
  const env = { DATABASE_URL: url, MESSAGING_URL: url, LOG_LEVEL: 'error' };
  const program = await startProgram(scope, 'apps/projector/dist/main.js', { args: ['--rebuild'], env });
  await program.finished();
  return perSecond(count, began);
};

const line = (what, ours, against, other, atLeast) =>
  compared({ what, unit: 'events/s', ours: ours.perSecond, against, other: other.perSecond, atLeast });

export const project = {
  name: 'project',
  summary: 'events into the read model: live in batches, and a rebuild, beside one transaction an event',
  async run({ scope, rounds, isFull, say }) {
    const postgres = await startPostgres(scope);
    const database = await openDatabase({ url: postgres.url, schema: 'read_model', applicationName: 'bench' });
    await scope.add(database, () => database.close());
    await database.migrate(readModelMigrations);
    const messaging = await openMessaging({ url: postgres.url, clientId: 'bench' });
    await scope.add(messaging, () => messaging.close());
    const rowByRow = rowSide(await openRowByRow(await postgres.pool(1)));

    const live = await alternate(
      { ours: liveSide(database), rowByRow, single: singleSide(database) },
      { rounds, onProgress: (step) => say(`live: ${step}`) },
    );
    const count = await fillTopics(messaging, isFull ? 1_000_000 : 200_000, say);
    const rebuild = await alternate(
      { ours: rebuildSide(scope, postgres.url, count), rowByRow },
      { rounds, warmUp: false, onProgress: (step) => say(`rebuild: ${step}`) },
    );
    return {
      rows: [
        line(`live, batches of ${batchSize}`, live.ours, 'row by row', live.rowByRow, 60),
        line(`live, batches of ${batchSize}`, live.ours, 'the same, batches of 1', live.single),
        line(`rebuild of ${Math.round(count / 1_000)} 000`, rebuild.ours, 'row by row', rebuild.rowByRow, 100),
      ],
      notes: [
        'Events of rollouts at ten sites, each validated against its schema. Row by row: by the bare driver, not validated, one upsert and the position a commit.',
        'Live is what the projector does with a batch; the rebuild reads the topics (the embedded ones, in Postgres), builds indexes, and switches; the start of its process counts.',
      ],
    };
  },
};
