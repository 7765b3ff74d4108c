import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, openSync, closeSync, readFileSync, renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { unprivilegedAccount, type Account } from './account.js';
import { endServer } from './end-server.js';
import { initialise, passwordOf } from './initialise.js';
import { endOrphan } from './orphan.js';
import { place, type Placement } from './placement.js';
import { clusterName, ownedBy } from './running.js';

export interface EmbeddedPostgresOptions {
  /** The folder of the database cluster; made when missing. Root may find it elsewhere, see `place`. */
  readonly dataDirectory: string;
  /** `false` trades every guarantee against a crash for speed: for tests only. */
  readonly durable: boolean;
  readonly maxConnections?: number;
  /** On the loopback address; a free one unless told. */
  readonly port?: number;
}

export interface EmbeddedPostgres {
  /** Superuser's URL of the database `postgres`. */
  readonly url: string;
  readonly pid: number;
  /** Ends sessions and stops, within 5 s. */
  stop(): Promise<void>;
}

const startTimeoutMillis = 30_000;
const maxPorts = 3;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const settings = (data: string, port: number, { durable, maxConnections = 150 }: EmbeddedPostgresOptions): string[] =>
  [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${maxConnections}`,
    'shared_buffers=64MB',
    `cluster_name=${clusterName(data)}`,
    ownedBy(process.pid),
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ].flatMap((setting) => ['-c', setting]);

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

const launch = ({ programs, data }: Placement, account: Account | null, port: number, options: EmbeddedPostgresOptions): ChildProcess => {
  const log = join(data, 'server.log');
  if (existsSync(log)) renameSync(log, `${log}.old`);
  const output = openSync(log, 'w', 0o600);
  const server = spawn(join(programs, 'bin', 'postgres'), ['-D', data, ...settings(data, port, options)], {
    ...account,
    cwd: data,
    env: { LC_ALL: 'C' },
    detached: true, // Ctrl-C must reach us, not it: it stops last.
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  return server;
};

const isRunning = (server: ChildProcess): boolean => server.pid !== undefined && server.exitCode === null && server.signalCode === null;

const logOf = (data: string): string => readFileSync(join(data, 'server.log'), 'utf8').split('\n').slice(-15).join('\n');

/** `null` when it ended because somebody else has taken the port meanwhile. */
const run = async (placement: Placement, account: Account | null, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres | null> => {
  const port = options.port ?? (await freePort());
  const url = `postgres://postgres:${passwordOf(placement.data)}@127.0.0.1:${port}/postgres`;
  const server = launch(placement, account, port, options);
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()).once('error', () => resolve()));
  // Nobody waits for it then: at once, without a checkpoint; the next start recovers.
  const atExit = (): unknown => server.kill('SIGQUIT');
  const stop = async (): Promise<void> => {
    process.removeListener('exit', atExit);
    if (isRunning(server)) await endServer((signal) => server.kill(signal), ended);
  };
  process.once('exit', atExit);
  for (const deadline = Date.now() + startTimeoutMillis; isRunning(server) && Date.now() < deadline; await pause(50)) {
    if (await answers(url)) return { url, pid: server.pid ?? 0, stop };
  }
  await stop();
  const log = logOf(placement.data);
  if (log.includes('Address already in use')) return null;
  throw new Error(`Postgres did not start:\n${log}`);
};

/** A Postgres of our own on a loopback port: no container, no system service, no new user. Ends an orphan of a killed run first. */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const account = unprivilegedAccount();
  const placement = place(options.dataDirectory, account);
  await endOrphan(placement.data);
  initialise(placement, account, options.durable);
  for (let tried = 0; tried < maxPorts; tried += 1) {
    const started = await run(placement, account, options);
    if (started) return started;
  }
  throw new Error(`Postgres found no free port on 127.0.0.1 in ${maxPorts} attempts`);
};
