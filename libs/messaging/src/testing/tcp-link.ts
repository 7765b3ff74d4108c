import { connect, createServer, type Socket } from 'node:net';

export interface TcpLink {
  readonly port: number;
  /** Breaks every connection and refuses new ones, as a killed process or a pulled cable would. */
  readonly cut: () => void;
  readonly restore: () => void;
  readonly close: () => Promise<void>;
}

/** A way to a server on this machine that a test can cut. */
export const openTcpLink = async (port: number): Promise<TcpLink> => {
  const sockets = new Set<Socket>();
  let whole = true;
  const adopt = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    adopt(near);
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    adopt(far);
    near.pipe(far).on('close', () => near.destroy());
    far.pipe(near).on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the link listens on no port');
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    cut,
    restore: () => (whole = true),
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
