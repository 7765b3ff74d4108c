import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { until } from '../testing/index.js';
import { unprivilegedAccount } from './account.js';
import {
  discardEmbeddedPostgres,
  removePlaced,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './index.js';
import { installation, place } from './placement.js';
import { runningOn } from './running.js';

jest.setTimeout(60_000);

const started: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];
const folders: string[] = [];

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-postgres-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
};

const start = async (dataDirectory: string, more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres({ dataDirectory, durable: false, maxConnections: 20, ...more });
  started.push(server);
  return server;
};

const ask = async (url: string, statement: string): Promise<readonly Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
};

/** Another process that starts a server on the folder, says `<pid> <url>`, and waits for its end. */
const startElsewhere = async (
  dataDirectory: string,
): Promise<{ readonly owner: ChildProcess; readonly pid: number; readonly url: string }> => {
  const program = `
    import { startEmbeddedPostgres } from '@scheduled-scripts/postgres/embedded';
    const server = await startEmbeddedPostgres({ dataDirectory: process.argv[1], durable: false, maxConnections: 20 });
    process.on('SIGTERM', () => process.exit(0));
    console.log(server.pid, server.url);
    setInterval(() => undefined, 1_000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program, dataDirectory], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(owner);
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const [pid = '', url = ''] = line.toString().trim().split(' ');
  return { owner, pid: Number(pid), url };
};

/** One cluster for all tests that do not care: making one takes longer than starting it. */
const data = join(newFolder(), 'postgres');

const isGone = (): boolean => runningOn(data).length === 0;

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

afterAll(() => {
  for (const folder of folders) {
    removePlaced(join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('an embedded Postgres', () => {
  it('keeps its data from one start to the next, and ends completely', async () => {
    const first = await start(data);
    await ask(first.url, 'CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer');
    await first.stop();
    expect(runningOn(data)).toEqual([]);
    const second = await start(data);
    expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(second.url).not.toBe(first.url);
  });

  it('comes back at the same address when it is told its port', async () => {
    const first = await start(data);
    await first.stop();
    const second = await start(data, { port: Number(new URL(first.url).port) });
    expect(second.url).toBe(first.url);
  });

  it('ends although sessions are open and busy', async () => {
    const server = await start(data);
    const busy = ask(server.url, 'SELECT pg_sleep(600)').catch((error: unknown) => error);
    await until(
      async () => (await ask(server.url, "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)' AND state = 'active'")).length > 0,
    );
    await server.stop();
    expect(runningOn(data)).toEqual([]);
    expect(await busy).toMatchObject({ code: expect.stringMatching(/^(57P01|ECONNRESET)$/) });
  });

  it('asks for the password', async () => {
    const server = await start(data);
    const url = new URL(server.url);
    url.password = 'guessed';
    await expect(ask(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('whose starter was killed is ended by the next start, which has the data', async () => {
    const { owner, pid, url } = await startElsewhere(data);
    await ask(url, 'CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(runningOn(data).map((one) => one.pid)).toContain(pid);
    const server = await start(data);
    expect(runningOn(data).map((one) => one.pid)).not.toContain(pid);
    expect(await ask(server.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('ends with a starter that exits without stopping it', async () => {
    const { owner } = await startElsewhere(data);
    const exited = once(owner, 'exit');
    owner.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    await until(isGone);
  });

  it('that another run uses is left alone', async () => {
    const { owner, url } = await startElsewhere(data);
    await expect(start(data)).rejects.toThrow(`in use by another run, process ${owner.pid}`);
    expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    owner.kill('SIGTERM');
    await until(isGone);
  });

  it('is forgotten whole, with what a killed run has left of it', async () => {
    const doomed = join(newFolder(), 'postgres');
    const { owner } = await startElsewhere(doomed);
    await expect(discardEmbeddedPostgres(doomed)).rejects.toThrow(`in use by another run, process ${owner.pid}`);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await discardEmbeddedPostgres(doomed);
    expect([runningOn(doomed), existsSync(doomed)]).toEqual([[], false]);
  });

  it('takes a number that a crash has left in the lock file for nobody’s', async () => {
    const first = await start(data);
    const lock = readFileSync(join(data, 'postmaster.pid'), 'utf8');
    await first.stop();
    const bystander = spawn('sleep', ['600'], { ...unprivilegedAccount(), stdio: 'ignore' });
    children.push(bystander);
    writeFileSync(join(data, 'postmaster.pid'), lock.replace(/^\d+/, String(bystander.pid)));
    await start(data);
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  });

  it('is made anew when making it was cut off', async () => {
    const fresh = join(newFolder(), 'postgres');
    mkdirSync(`${fresh}.half-made`, { recursive: true });
    writeFileSync(join(`${fresh}.half-made`, 'PG_VERSION'), '18');
    const server = await start(fresh);
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(existsSync(`${fresh}.half-made`)).toBe(false);
  });

  it('says in Postgres’ own words why it does not start', async () => {
    await (await start(data)).stop();
    writeFileSync(join(data, 'postgresql.auto.conf'), 'no_such_setting = 1\n');
    await expect(start(data)).rejects.toThrow('no_such_setting');
    rmSync(join(data, 'postgresql.auto.conf'));
  });
});

const accounts = () => ['passwd', 'group', 'shadow'].map((file) => existsSync(`/etc/${file}`) && readFileSync(`/etc/${file}`, 'utf8'));

const account = unprivilegedAccount();

// An ordinary user has no other account to hand the server to.
if (account) {
  describe('started by root', () => {
    it('runs as an account that is there already', async () => {
      const before = accounts();
      const server = await start(data);
      expect(statSync(`/proc/${server.pid}`).uid).toBe(account.uid);
      expect(accounts()).toEqual(before);
    });

    it('works where that account cannot go, and opens no folder to it', async () => {
      const folder = newFolder();
      chmodSync(folder, 0o700);
      const below = join(folder, 'below', 'postgres');
      const first = await start(below);
      await ask(first.url, 'CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer');
      await first.stop();
      const second = await start(below);
      expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      await second.stop();
      removePlaced(below);
    });

    it('runs a copy of the programs when the account cannot reach them', () => {
      const folder = newFolder();
      const hidden = join(folder, 'hidden');
      mkdirSync(hidden, { mode: 0o700 });
      cpSync(installation().programs, join(hidden, 'native'), { recursive: true, verbatimSymlinks: true });
      const wanted = join(folder, 'postgres');
      const placed = place(wanted, account, { programs: join(hidden, 'native'), version: '18.0.0' });
      expect(placed.programs).toMatch(/^\/var\/tmp\/scheduled-scripts-postgres-.*\/programs-18\.0\.0$/);
      const later = place(wanted, account, { programs: join(hidden, 'native'), version: '18.1.0' });
      expect(existsSync(join(later.programs, 'bin', 'postgres'))).toBe(true);
      expect(existsSync(placed.programs)).toBe(false);
    });
  });
}
