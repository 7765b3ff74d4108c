import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface Listener {
  readonly url: string;
  /** How many connections there were. */
  calls(): number;
  stop(): Promise<void>;
}

/** An address at which nobody should ever call. */
export const startListener = async (): Promise<Listener> => {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
