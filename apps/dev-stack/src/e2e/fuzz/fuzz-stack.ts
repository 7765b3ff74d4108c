import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../../stack/connection.js';
import { newDataFolder } from '../data-folder.js';
import type { ServedRoute } from '../served-routes.js';

export interface FuzzedRoute extends Pick<ServedRoute, 'method' | 'path'> {
  readonly service: 'commandApi' | 'queryApi';
}

export interface FuzzedStack {
  readonly connection: Omit<Connection, 'routers'>;
  readonly routes: readonly FuzzedRoute[];
  /** Of routers that do what they are told. */
  readonly sites: readonly string[];
  /** Passwords of theirs, which nobody may ever be told. */
  readonly secrets: readonly string[];
  readonly log: string;
}

export interface Held {
  /** After a collection. */
  readonly bytes: number;
  readonly sockets: number;
}

const program = fileURLToPath(new URL('../../../dist/e2e/fuzz/fuzz-stack.main.js', import.meta.url));

/** A stack of its own to be fuzzed. */
export class FuzzStackProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly removeData: () => Promise<void>,
    readonly found: FuzzedStack,
  ) {}

  static async start(): Promise<FuzzStackProcess> {
    const folder = newDataFolder();
    const child = fork(program, [folder.path], { execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [found] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the stack did not start: ${code}`))),
    ])) as [FuzzedStack];
    return new FuzzStackProcess(child, () => folder.remove(), found);
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async held(): Promise<Held> {
    const answer = once(this.child, 'message');
    this.child.send('held');
    const [held] = (await answer) as [Held];
    return held;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    if (this.isAlive) {
      this.child.disconnect();
      await ended;
    }
    await this.removeData();
  }
}
