import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from './cluster-options.js';

export interface ProcessState {
  readonly name: string;
  readonly pid: number | null;
  readonly state: 'ready' | 'not ready' | 'down' | 'paused';
  /** Messages behind the newest, over all topics; `null` for what consumes nothing, or does not say. */
  readonly lag: number | null;
  readonly restarts: number;
}

const lagMetric = /^scheduled_scripts_consumer_lag_messages(?:\{[^}]*\})? (\S+)$/gm;

/** One replica of one service: a process of its own, always at the same port. */
export class ServiceProcess {
  private child: ChildProcess | null = null;
  private paused = false;
  private starts = 0;

  constructor(
    readonly service: ServiceName,
    readonly name: string,
    readonly url: string,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly logFile: string,
  ) {}

  get isUp(): boolean {
    return this.child !== null && !this.paused;
  }

  start(): void {
    if (this.child) throw new Error(`${this.name} is running`);
    const program = fileURLToPath(import.meta.resolve(`@scheduled-scripts/${this.service}/main`));
    const log = openSync(this.logFile, 'a', 0o600);
    const child = spawn(process.execPath, [program], { env: this.environment, stdio: ['ignore', log, log] });
    this.child = child;
    this.paused = false;
    this.starts += 1;
    child.once('exit', () => {
      if (this.child === child) this.child = null;
    });
  }

  async untilReady(withinMillis = 60_000): Promise<void> {
    const deadline = Date.now() + withinMillis;
    while (!(await this.isReady())) {
      if (!this.child) throw new Error(`${this.name} ended while it started; see ${this.logFile}`);
      if (Date.now() > deadline) throw new Error(`${this.name} is not ready; see ${this.logFile}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** SIGSTOP: alive, holding all it holds, and doing nothing. */
  pause(): void {
    this.child?.kill('SIGSTOP');
    this.paused = true;
  }

  resume(): void {
    this.child?.kill('SIGCONT');
    this.paused = false;
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Gracefully; after `patienceMillis` not. */
  async stop(patienceMillis = 10_000): Promise<void> {
    if (this.paused) this.resume();
    const killer = setTimeout(() => this.child?.kill('SIGKILL'), patienceMillis);
    await this.end('SIGTERM');
    clearTimeout(killer);
  }

  async state(): Promise<ProcessState> {
    const state = !this.child ? 'down' : this.paused ? 'paused' : (await this.isReady()) ? 'ready' : 'not ready';
    const lag = state === 'ready' ? await this.lag() : null;
    return { name: this.name, pid: this.child?.pid ?? null, state, lag, restarts: Math.max(0, this.starts - 1) };
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  }

  private async lag(): Promise<number | null> {
    try {
      const text = await (await fetch(`${this.url}/metrics`, { signal: AbortSignal.timeout(2_000) })).text();
      const behind = [...text.matchAll(lagMetric)].map(([, value]) => Number(value));
      return behind.length === 0 ? null : behind.reduce((sum, value) => sum + value, 0);
    } catch {
      return null;
    }
  }
}
