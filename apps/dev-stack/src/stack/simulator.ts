import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endProcess, proofOf, signalTo } from './process-proof.js';

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

const program = fileURLToPath(import.meta.resolve('@scheduled-scripts/router-simulator/main'));

/** In turn. The one of router-12, which fails, lets a script hear why a command of it failed; the oldest do not. */
const versions = ['7.19.4 (stable)', '7.16.2 (stable)', '7.12.1 (stable)', '7.20.8 (long-term)'];

const startsWithinMillis = 40_000;
const endsWithinMillis = 2_000;

const readyLine = async (child: ChildProcess): Promise<Ready> => {
  let timer: NodeJS.Timeout | undefined;
  try {
    const line = await new Promise<string>((resolve, reject) => {
      const fail = (how: string): void => reject(new Error(`the simulated routers did not start (${how}); see simulator/simulator.log`));
      timer = setTimeout(() => fail(`${startsWithinMillis / 1_000} s have passed`), startsWithinMillis);
      child.once('error', reject);
      child.once('exit', (code, signal) => fail(signal ?? `exit ${code}`));
      if (child.stdout) createInterface(child.stdout).once('line', resolve);
    });
    return JSON.parse(line) as Ready;
  } finally {
    clearTimeout(timer);
  }
};

/** Ends the routers that a killed run has left, if there are any. */
export const endSimulator = async (directory: string): Promise<void> => {
  if (existsSync(join(directory, 'simulator.pid'))) await (await startSimulator(directory)).stop();
};

/**
 * Twelve routers in a process of their own: they do not die with us. Those of a run that was killed are adopted; that they are ours is
 * proven by their own control listener.
 */
export const startSimulator = async (directory: string): Promise<Simulator> => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const log = openSync(join(directory, 'simulator.log'), 'a', 0o600);
  const args = [program, '--state', directory, '--routers', '12', '--versions', versions.join(','), '--faulty', '--adopt'];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', log] });
  closeSync(log);
  let proof = proofOf(child.pid ?? 0);
  // Whoever exits without stopping us, after an uncaught error for one, leaves nothing behind.
  const atExit = (): void => signalTo(proof, 'SIGTERM');
  const stop = async (): Promise<void> => {
    await endProcess(proof, endsWithinMillis);
    process.removeListener('exit', atExit);
  };
  process.once('exit', atExit);
  try {
    const { pid, adopted, file } = await readyLine(child);
    proof = proofOf(pid);
    child.unref();
    const { routers } = JSON.parse(readFileSync(file, 'utf8')) as { routers: readonly SimulatedRouter[] };
    return { routers, adopted, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
