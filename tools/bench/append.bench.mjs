import { openEventStore } from '@scheduled-scripts/event-store/open';
import { uuidv7 } from '@scheduled-scripts/event-store';
import { callers } from './harness/callers.mjs';
import { startPostgres } from './harness/postgres.mjs';
import { alternate, compared } from './harness/rounds.mjs';
import { openEmmett } from './peers/emmett.mjs';
import { openPlainInserts } from './peers/insert.mjs';
import { sampleEvent } from './samples.mjs';

/** The event store's own. */
const poolSize = 5;
const seconds = 1;

const shapes = [
  { callerCount: 1, events: 1 },
  { callerCount: 16, events: 1 },
  { callerCount: 128, events: 1, insertExpected: 5, emmettExpected: 1.5 },
  { callerCount: 16, events: 100, emmettExpected: 1.5 },
];

const clearLead = (atLeast) => atLeast && { atLeast, expected: `clear lead (≥ ${atLeast}×)` };

export const append = {
  name: 'append',
  summary: 'durable appends through the port of the event store, beside one INSERT a transaction and Emmett',
  async run({ scope, rounds, say }) {
    const postgres = await startPostgres(scope);
    const store = await openEventStore({ url: postgres.url, applicationName: 'bench' });
    await scope.add(store, () => store.close());
    const insert = await openPlainInserts(await postgres.pool(poolSize));
    const emmett = await openEmmett(scope, postgres.url, await postgres.pool(poolSize));
    const ours = async (stream, events) => {
      const outcome = await store.append({ stream, expected: 'no-stream', events });
      if (!outcome.ok) throw new Error('an append to a new stream was refused');
    };

    const rows = [];
    for (const { callerCount, events, insertExpected, emmettExpected } of shapes) {
      const what = `${callerCount} caller${callerCount === 1 ? '' : 's'}, ${events} event${events === 1 ? '' : 's'} a call`;
      const side =
        (put) =>
        async ({ isWarmUp }) => {
          await postgres.settle();
          const call = () => put(`siteExecution-${uuidv7()}`, Array.from({ length: events }, sampleEvent));
          return { perSecond: events * (await callers(callerCount, isWarmUp ? seconds / 2 : seconds, call)) };
        };
      const measured = await alternate(
        { ours: side(ours), insert: side(insert), emmett: side(emmett) },
        { rounds, onProgress: (step) => say(`${what}: ${step}`) },
      );
      const line = { what, unit: 'events/s', ours: measured.ours.perSecond };
      rows.push(compared({ ...line, against: 'INSERT by pg', other: measured.insert.perSecond, atLeast: insertExpected }));
      rows.push(compared({ ...line, against: 'Emmett', other: measured.emmett.perSecond, ...clearLead(emmettExpected) }));
    }
    const notes = [
      `Embedded Postgres, fsync and synchronous_commit on; every side has a pool of ${poolSize} connections and appends to new streams.`,
      'INSERT by pg checks no expectation and orders nothing for readers; of 100 events it makes one INSERT from arrays.',
    ];
    return { rows, notes };
  },
};
