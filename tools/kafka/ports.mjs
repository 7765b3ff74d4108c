import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below those that systems give to outgoing connections: a client that knocks again and again at an ephemeral port where nobody listens
 * may be given that very port, connects to itself, and a broker that comes back finds its port taken.
 */
const [first, last] = [20_000, 32_000];

const isFree = (port) =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });

/** A port for each name. */
export const freePorts = async (names) => {
  const taken = new Set();
  while (taken.size < names.length) {
    const port = randomInt(first, last);
    if (!taken.has(port) && (await isFree(port))) taken.add(port);
  }
  const ports = [...taken];
  return Object.fromEntries(names.map((name, index) => [name, ports[index]]));
};
