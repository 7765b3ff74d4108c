import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../stack/connection.js';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** `npm start`, as a process that can be killed. */
export class StackProcess {
  private output = '';
  private result = '';
  private readonly child: ChildProcess;

  constructor(private readonly data: string) {
    // A killed run leaves its own behind: only this one's counts.
    rmSync(join(data, 'connection.json'), { force: true });
    this.child = spawn(process.execPath, [program, '--data', data], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stdout?.on('data', (chunk: Buffer) => (this.result += chunk.toString()));
  }

  /** What has been said so far. */
  get said(): string {
    return this.output;
  }

  /** The ids of the scripts whose `POST` was answered, and of those whose approval was. */
  acknowledged(): { readonly created: readonly string[]; readonly approved: readonly string[] } {
    const created = [...this.output.matchAll(/posted script (\S+) for/g)].map(([, id = '']) => id);
    return { created, approved: this.output.includes('approved it: scheduled') ? created : [] };
  }

  async untilAnnounced(): Promise<Connection> {
    const file = join(this.data, 'connection.json');
    await this.until(() => existsSync(file), 'the stack to be announced');
    return JSON.parse(readFileSync(file, 'utf8')) as Connection;
  }

  /** The main job has ended: its result is on standard output. */
  async untilDone(): Promise<void> {
    await this.until(() => this.result.endsWith('\n'), 'the main job to end');
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const exit = once(this.child, 'exit');
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill(signal);
    await exit;
  }

  private async until(holds: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + 120_000;
    while (!holds()) {
      if (this.child.exitCode !== null) throw new Error(`the stack ended with ${this.child.exitCode} before ${what}:\n${this.output}`);
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
