import { randomInt } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Outage {
  /** The database by a way that can be cut. */
  readonly url: string;
  /** Breaks every connection and refuses new ones. */
  interrupt(): Promise<void>;
  restore(): Promise<void>;
  /** Keeps every connection and takes new ones, but passes nothing on, as if the server stood still. */
  silence(): void;
  /** Passes on what was said meanwhile, in order: also what clients had sent that have gone since, as it waits for a server that stood still. */
  speak(): void;
  close(): Promise<void>;
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });

/**
 * Below those that systems hand out to outgoing connections: a client that knocks where nobody listens for a while may be given that very
 * port, and the relay would find it taken when it comes back.
 */
const listenSomewhere = async (server: Server): Promise<number> => {
  for (;;) {
    try {
      return await listen(server, randomInt(10_000, 15_000));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    }
  }
};

/** A relay in front of a server, so that a suite can take the server away without stopping it for everybody. */
export const outageFor = async (url: string): Promise<Outage> => {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let held: (() => void)[] | null = null;
  const pass = (act: () => void): void => {
    if (held) held.push(act);
    else act();
  };
  const relay = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('error', () => undefined);
    from.on('data', (chunk) => pass(() => to.write(chunk)));
    from.on('close', () => {
      sockets.delete(from);
      pass(() => to.end());
    });
  };
  const open = (): Server =>
    createServer((inner) => {
      const outer = connect({ host: target.hostname, port: Number(target.port) });
      relay(inner, outer);
      relay(outer, inner);
    });
  let server = open();
  const port = await listenSomewhere(server);
  const interrupt = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const relayed = new URL(url);
  relayed.hostname = '127.0.0.1';
  relayed.port = String(port);
  return {
    url: relayed.href,
    interrupt,
    restore: async () => {
      server = open();
      await listen(server, port);
    },
    silence: () => {
      held ??= [];
    },
    speak: () => {
      const acts = held ?? [];
      held = null;
      for (const act of acts) act();
    },
    close: interrupt,
  };
};
