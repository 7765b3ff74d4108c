import type { EventStore } from '@scheduled-scripts/event-store';
import type { Queryable } from '@scheduled-scripts/postgres';
import type { ConnectRouter, RouterSession } from '@scheduled-scripts/routeros';

const forEver = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * The end of a process at one of its steps to the world outside: routers, store, database. The step takes effect, and nobody hears of it:
 * from there on nothing that the process waits for comes back, so that it does nothing more, and its connections break.
 */
export class Mortality {
  readonly died: Promise<void>;
  /** What it did, in its order. */
  readonly steps: string[] = [];
  private dead = false;
  private readonly sessions: RouterSession[] = [];
  private tellDeath: () => void = () => undefined;

  /** Is the last of these steps the last of all? */
  constructor(private readonly isFatal: (steps: readonly string[]) => boolean) {
    this.died = new Promise((resolve) => (this.tellDeath = resolve));
  }

  connect(connect: ConnectRouter): ConnectRouter {
    return async (address, options) => {
      const session = await this.step('connect', async () => {
        const made = await connect(address, options);
        this.sessions.push(made);
        return made;
      });
      return {
        command: (path, words, timeoutMillis) => this.step(path, () => session.command(path, words, timeoutMillis)),
        close: () => (this.dead ? forEver() : session.close()),
      };
    };
  }

  store(store: EventStore): EventStore {
    return {
      append: (append) => this.step(`append ${append.events[0]?.type ?? ''}`, () => store.append(append)),
      appendMany: (appends) => this.step('append many', () => store.appendMany(appends)),
      read: (stream, options) => this.step('read', () => store.read(stream, options)),
      follow: (options) => store.follow(options),
      ping: () => store.ping(),
      close: async () => undefined,
    };
  }

  queryable(database: Queryable): Queryable {
    return { query: (text, parameters, name) => this.step('query', () => database.query(text, parameters, name)) };
  }

  private async step<T>(name: string, take: () => Promise<T>): Promise<T> {
    if (this.dead) return forEver();
    this.steps.push(name);
    const isFatal = this.isFatal(this.steps);
    try {
      return await take();
    } finally {
      if (isFatal || this.dead) await this.die();
    }
  }

  private async die<T>(): Promise<T> {
    if (!this.dead) {
      this.dead = true;
      await Promise.all(this.sessions.map((session) => session.close()));
      this.tellDeath();
    }
    return forEver();
  }
}
