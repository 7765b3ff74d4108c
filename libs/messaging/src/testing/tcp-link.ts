import { connect, createServer, type Socket } from 'node:net';

export interface TcpLink {
  readonly port: number;
  /** Breaks every connection and refuses new ones, as a killed process or a pulled cable would. */
  readonly cut: () => void;
  /** Lets nothing through any more while the connections stay open, as for a process that does not get the processor. */
  readonly stall: () => void;
  /** Undoes both. */
  readonly restore: () => void;
  readonly close: () => Promise<void>;
}

type Pair = readonly [near: Socket, far: Socket];

const join = ([near, far]: Pair): void => {
  near.pipe(far);
  far.pipe(near);
};

const part = ([near, far]: Pair): void => {
  near.unpipe(far).pause();
  far.unpipe(near).pause();
};

/** A way to a server on this machine that a test can cut. */
export const openTcpLink = async (port: number): Promise<TcpLink> => {
  const pairs = new Set<Pair>();
  let state: 'open' | 'stalled' | 'cut' = 'open';
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    const pair: Pair = [near, far];
    pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        for (const other of pair) other.destroy();
        pairs.delete(pair);
      });
    }
    if (state === 'cut') near.destroy();
    if (state === 'open') join(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the link listens on no port');
  const cut = (): void => {
    state = 'cut';
    for (const [near] of pairs) near.destroy();
  };
  return {
    port: address.port,
    cut,
    stall: () => {
      state = 'stalled';
      for (const pair of pairs) part(pair);
    },
    restore: () => {
      if (state === 'stalled') for (const pair of pairs) join(pair);
      state = 'open';
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
