import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { unprivilegedAccount, type Account } from './account.js';
import { endOrphan } from './orphan.js';
import { place, type Placement } from './placement.js';

export interface EmbeddedPostgresOptions {
  /** The folder of the database cluster; made when missing. Root may find it elsewhere, see `place`. */
  readonly dataDirectory: string;
  /** `false` trades every guarantee against a crash for speed: for tests only. */
  readonly durable: boolean;
  readonly maxConnections?: number;
}

export interface EmbeddedPostgres {
  /** Superuser's URL of the database `postgres`. */
  readonly url: string;
  readonly pid: number;
  /** Ends sessions and stops; kills after 10 s. */
  stop(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const initialise = ({ programs, data }: Placement, account: Account | null, durable: boolean): void => {
  const passwordFile = join(data, '..', `.postgres-password-${process.pid}`);
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  try {
    const flags = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C'];
    const made = spawnSync(join(programs, 'bin', 'initdb'), [`--pgdata=${data}`, ...flags, ...(durable ? [] : ['--no-sync'])], {
      ...account,
      cwd: data,
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`);
    writeFileSync(join(data, 'scheduled-scripts.password'), password, { mode: 0o600 });
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
};

const settings = (port: number, { durable, maxConnections = 150 }: EmbeddedPostgresOptions): string[] =>
  Object.entries({
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: maxConnections,
    shared_buffers: '64MB',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

const answers = async (url: string): Promise<boolean> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const exitOf = (server: ChildProcess): Promise<void> =>
  new Promise((resolve) => (server.exitCode === null && server.signalCode === null ? server.once('exit', () => resolve()) : resolve()));

const untilReady = async (server: ChildProcess, url: string, log: string): Promise<void> => {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (await answers(url)) return;
    if (server.exitCode !== null || server.signalCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  server.kill('SIGKILL');
  throw new Error(`Postgres did not start:\n${readFileSync(log, 'utf8').split('\n').slice(-15).join('\n')}`);
};

const stop = async (server: ChildProcess): Promise<void> => {
  const ended = exitOf(server);
  server.kill('SIGINT'); // Postgres: "fast" shutdown
  const killer = setTimeout(() => server.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(killer);
};

/** A Postgres of our own on a free loopback port: no container, no system service. Ends an orphan of a killed run first. */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const account = unprivilegedAccount();
  const placement = place(options.dataDirectory, account);
  const { programs, data } = placement;
  if (!existsSync(join(data, 'PG_VERSION'))) initialise(placement, account, options.durable);
  await endOrphan(data);
  const password = readFileSync(join(data, 'scheduled-scripts.password'), 'utf8');
  const port = await freePort();
  const log = join(data, 'server.log');
  const output = openSync(log, 'a', 0o600);
  const server = spawn(join(programs, 'bin', 'postgres'), ['-D', data, ...settings(port, options)], {
    ...account,
    cwd: data,
    detached: true, // Ctrl-C must reach us, not it: it stops last
    stdio: ['ignore', output, output],
  });
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  await untilReady(server, url, log);
  return { url, pid: server.pid ?? 0, stop: () => stop(server) };
};
