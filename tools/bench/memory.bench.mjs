import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startAccess } from './harness/access.mjs';
import { freePort } from './harness/ports.mjs';
import { benchFolder, startPostgres } from './harness/postgres.mjs';
import { startOurService, startProgram } from './harness/processes.mjs';
import { compared } from './harness/rounds.mjs';

/** The projector before query-api: it makes the tables. */
const services = ['command-api', 'event-relay', 'projector', 'query-api', 'launcher', 'device-executor', 'notifier', 'summarizer'];
const settleMillis = 5_000;
const atMostMiB = 900;

/** What a process has for itself, and its share of what it has in common with others. */
const pssMiB = (pid) => {
  const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(pss) / 1024;
};

const startAll = async (scope, postgres, say) => {
  const access = await startAccess(scope, []);
  const [mail, users] = [join(benchFolder, 'mail'), join(benchFolder, 'users.json')];
  mkdirSync(mail);
  writeFileSync(users, '{}');
  const env = {
    ...access.env,
    DATABASE_URL: postgres.url,
    EVENT_STORE_URL: postgres.url,
    MESSAGING_URL: postgres.url,
    CREDENTIALS_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    APPROVAL_LINK_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    INSTALLATION_ID: 'bench',
    MAIL_URL: pathToFileURL(mail).href,
    PUBLIC_URL: 'http://127.0.0.1',
    USER_DIRECTORY_FILE: users,
  };
  const running = [];
  for (const name of services) {
    say(`starting ${name}`);
    running.push({ name, ...(await startOurService(scope, name, { port: await freePort(), env })) });
  }
  return running;
};

export const memory = {
  name: 'memory',
  summary: 'memory of all services, idle, one process each, without Postgres',
  unavailable: () => (process.platform === 'linux' ? null : 'only Linux tells how much memory processes share'),
  async run({ scope, rounds, say }) {
    const running = await startAll(scope, await startPostgres(scope), say);
    const empty = [];
    for (const _ of services) empty.push(await startProgram(scope, 'tools/bench/harness/idle.mjs'));
    say('letting them settle');
    await pause(settleMillis);

    const samples = running.map(() => []);
    const [whole, bare] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const each = running.map(({ pid }) => pssMiB(pid));
      each.forEach((value, index) => samples[index].push(value));
      whole.push(each.reduce((sum, value) => sum + value, 0));
      bare.push(empty.reduce((sum, { pid }) => sum + pssMiB(pid), 0));
      await pause(1_000);
    }
    const line = { unit: 'MiB', better: 'less' };
    return {
      rows: [
        compared({
          ...line,
          what: `all ${services.length} services`,
          ours: whole,
          against: 'as many empty Node processes',
          other: bare,
          atMost: atMostMiB,
          expected: `≤ ${atMostMiB} MiB`,
        }),
        ...running.map(({ name }, index) => compared({ ...line, what: name, ours: samples[index] })),
      ],
      notes: ['Proportional set size: what processes share, the program text of Node above all, is counted once in all.'],
    };
  },
};
