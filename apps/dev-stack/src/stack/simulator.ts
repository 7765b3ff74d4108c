import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface SimulatedRouter {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly serial: string;
}

export interface Simulator {
  readonly routers: readonly SimulatedRouter[];
  /** Routers that were still alive from a run that was killed. */
  readonly adopted: boolean;
  stop(): Promise<void>;
}

interface Ready {
  readonly adopted: boolean;
  readonly pid: number;
  readonly file: string;
}

const program = fileURLToPath(new URL('main.js', import.meta.resolve('@scheduled-scripts/router-simulator')));

const readyLine = (child: ChildProcess): Promise<Ready> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the simulated routers did not start (exit ${code}); see simulator.log`)));
    if (child.stdout) createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line) as Ready));
  });

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const end = async (pid: number): Promise<void> => {
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + 3_000;
  while (isAlive(pid)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Ends the routers that a killed run has left, if there are any. */
export const endSimulator = async (directory: string): Promise<void> => {
  if (existsSync(join(directory, 'routers.json'))) await (await startSimulator(directory)).stop();
};

/**
 * Twelve routers in a process of their own: they do not die with us. Those of a run that was killed are adopted; that they are ours is
 * proven by their own control listener.
 */
export const startSimulator = async (directory: string): Promise<Simulator> => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const log = openSync(join(directory, 'simulator.log'), 'a', 0o600);
  const args = [program, '--state', directory, '--routers', '12', '--faulty', '--adopt'];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', log] });
  const { pid, adopted, file } = await readyLine(child);
  child.unref();
  const { routers } = JSON.parse(readFileSync(file, 'utf8')) as { routers: readonly SimulatedRouter[] };
  return { routers, adopted, stop: () => end(pid) };
};
