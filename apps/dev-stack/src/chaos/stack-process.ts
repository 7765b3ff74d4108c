import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../stack/connection.js';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** By itself it takes no longer than a few seconds; a busy machine may. */
const endsWithinMillis = 30_000;

const textOf = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

/** `npm start`, as a process that can be killed. */
export class StackProcess {
  private said = '';
  private answered = '';
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  /** A killed run leaves its own behind: only this one's counts. */
  private readonly stale: string | null;

  constructor(
    private readonly data: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ) {
    this.stale = textOf(this.connectionFile);
    this.child = spawn(process.execPath, [program, '--data', data, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    this.child.stdout?.on('data', (chunk: Buffer) => (this.answered += chunk.toString()));
    this.closed = once(this.child, 'close');
  }

  get connectionFile(): string {
    return join(this.data, 'connection.json');
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Standard error, so far. */
  get progress(): string {
    return this.said;
  }

  /** Standard output, so far. */
  get result(): string {
    return this.answered;
  }

  /** The ids of the scripts whose `POST` was answered, and of those whose approval was. */
  acknowledged(): { readonly created: readonly string[]; readonly approved: readonly string[] } {
    const created = [...this.said.matchAll(/posted script (\S+) for/g)].map(([, id = '']) => id);
    return { created, approved: /approved it: scheduled|and approved. Scheduled/.test(this.said) ? created : [] };
  }

  async untilAnnounced(): Promise<Connection> {
    let text: string | null = null;
    await this.until('the stack to be announced', () => {
      text = textOf(this.connectionFile);
      return text !== null && text !== this.stale;
    });
    return JSON.parse(text ?? '') as Connection;
  }

  async untilSaid(what: string | RegExp): Promise<void> {
    await this.until(`it to say ${what}`, () => this.said.search(what) >= 0);
  }

  /** The main job has ended: its result is on standard output. */
  async untilDone(): Promise<void> {
    await this.until('the main job to end', () => {
      if (/^! /m.test(this.said)) throw new Error(`the main job failed:\n${this.said}`);
      return this.answered.endsWith('\n');
    });
  }

  /** The exit code; of a process that was killed, the signal. All that it has said is there. */
  async untilEnded(): Promise<number | NodeJS.Signals | null> {
    await this.closed;
    return this.child.exitCode ?? this.child.signalCode;
  }

  /** Waits for the end, but not for ever. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<number | NodeJS.Signals | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${signal} did not end the stack:\n${this.said}`)), endsWithinMillis);
    });
    return Promise.race([this.untilEnded(), overdue]).finally(() => clearTimeout(timer));
  }

  private async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = Date.now() + 120_000;
    while (!holds()) {
      if (this.child.exitCode !== null) throw new Error(`the stack ended with ${this.child.exitCode} before ${what}:\n${this.said}`);
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}:\n${this.said}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
