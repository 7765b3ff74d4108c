import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Outage {
  /** The database by a way that can be cut. */
  readonly url: string;
  /** Breaks every connection and refuses new ones. */
  interrupt(): Promise<void>;
  restore(): Promise<void>;
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

/** A relay in front of a server, so that a suite can take the server away without stopping it for everybody. */
export const outageFor = async (url: string): Promise<Outage> => {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const track = (socket: Socket, other: () => Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      other().destroy();
    });
  };
  const open = (): Server =>
    createServer((inner) => {
      const outer = connect({ host: target.hostname, port: Number(target.port) });
      track(inner, () => outer);
      track(outer, () => inner);
      inner.pipe(outer).pipe(inner);
    });
  let server = open();
  const port = await listen(server, 0);
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
    close: interrupt,
  };
};
