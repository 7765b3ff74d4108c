import { setTimeout as pause } from 'node:timers/promises';
import { millisOf } from '@scheduled-scripts/domain';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { now } from './harness/clock.mjs';
import { freePort } from './harness/ports.mjs';
import { startPostgres } from './harness/postgres.mjs';
import { startOurService, startProgram } from './harness/processes.mjs';
import { alternate, compared } from './harness/rounds.mjs';
import { percentile } from './harness/statistics.mjs';
import { scheduled, siteIds } from './stories.mjs';

const plans = {
  spaced: { what: 'one every 20 ms', count: 200, everyMillis: 20 },
  burst: { what: '1 000 at one instant', count: 1_000, everyMillis: 0 },
};
/** Until the launcher knows of all of them. */
const leadMillis = 3_000;
const patienceMillis = 60_000;
const sites = siteIds(1);

/** When each launch that is committed was seen by somebody who follows the store, by script. */
const watchLaunches = async (scope, store) => {
  const seen = new Map();
  const ended = new AbortController();
  const following = (async () => {
    for await (const { events } of store.follow({ after: null, streamPrefixes: ['scheduledScript-'], signal: ended.signal })) {
      const at = now();
      for (const { type, stream, metadata } of events) {
        if (type === 'scheduled-script.launched.v1')
          seen.set(stream.slice(stream.indexOf('-') + 1), { at, decidedAt: millisOf(metadata.at) });
      }
    }
  })();
  await scope.add(seen, async () => {
    ended.abort();
    await following;
  });
  return seen;
};

const until = async (what, holds) => {
  const deadline = now() + patienceMillis;
  while (!(await holds())) {
    if (now() > deadline) throw new Error(`not within ${patienceMillis / 1_000} s: ${what}`);
    await pause(50);
  }
};

const figures = (values, name) => ({ [`${name}P50`]: percentile(values, 0.5), [`${name}P99`]: percentile(values, 0.99) });

export const launch = {
  name: 'launch',
  summary: 'how late launches are, beside bare timers in the same process',
  async run({ scope, rounds, say }) {
    const postgres = await startPostgres(scope);
    const store = await openEventStore({ url: postgres.url, applicationName: 'bench' });
    await scope.add(store, () => store.close());
    const env = { DATABASE_URL: postgres.url, EVENT_STORE_URL: postgres.url, MESSAGING_URL: postgres.url, LOG_LEVEL: 'error' };
    const program = await startProgram(scope, 'tools/bench/launcher-with-timers.mjs', { env });
    await program.answer();
    await startOurService(scope, 'event-relay', { port: await freePort(), env });
    const seen = await watchLaunches(scope, store);

    const known = async () => (await postgres.query('SELECT count(*)::int AS count FROM launcher.due_launches')).rows[0].count;
    const idle = async () => (await postgres.query('SELECT count(*)::int AS count FROM launcher.rollout_work')).rows[0].count === 0;

    const measure =
      ({ count, everyMillis }) =>
      async () => {
        await until('the rollouts before have been asked for', idle);
        await postgres.settle();
        const first = Math.ceil(now()) + leadMillis + count;
        const instants = Array.from({ length: count }, (_, index) => first + index * everyMillis);
        const scripts = instants.map((launchAtMillis) => ({ launchAtMillis, ...scheduled({ sites, launchAtMillis }) }));
        await store.appendMany(scripts.map(({ events }) => ({ stream: events[0].stream, expected: 'no-stream', events })));
        await until('the launcher knows the schedules', async () => (await known()) === count);
        if (now() > first) throw new Error('the machine is too busy: the schedules were due before the launcher knew of them');
        const timers = program.answer();
        program.send({ instants });
        await until('all are launched', () => scripts.every(({ scriptId }) => seen.has(scriptId)));
        const late = (of) => scripts.map(({ scriptId, launchAtMillis }) => of(seen.get(scriptId)) - launchAtMillis);
        const decided = late(({ decidedAt }) => decidedAt);
        return {
          ...figures(
            late(({ at }) => at),
            'seen',
          ),
          ...figures(decided, 'decided'),
          ...figures((await timers).late, 'timer'),
          earliest: Math.min(...decided),
        };
      };

    const measured = await alternate({ spaced: measure(plans.spaced), burst: measure(plans.burst) }, { rounds, onProgress: say });
    const rows = Object.entries(plans).flatMap(([name, { what }]) => {
      const of = measured[name];
      const beside = { unit: 'ms late', against: 'bare timer', better: 'neither' };
      return [
        compared({ ...beside, what: `${what}: committed and seen, p50`, ours: of.seenP50, other: of.timerP50 }),
        compared({ ...beside, what: `${what}: committed and seen, p99`, ours: of.seenP99, other: of.timerP99 }),
        compared({ ...beside, what: `${what}: decided, p99`, ours: of.decidedP99, other: of.timerP99 }),
        compared({ unit: 'ms', what: `${what}: earliest decision`, ours: of.earliest, floor: 0, expected: 'never early' }),
      ];
    });
    return {
      rows,
      notes: [
        'Launcher and relay at work as processes of their own, Postgres durable. Seen: by a follower of the store in a third process, after the commit.',
        'The timers are set in the process of the launcher, for the same instants; they are late by what the machine and that process make of them.',
      ],
    };
  },
};
