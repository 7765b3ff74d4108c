import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { removePlaced, startEmbeddedPostgres } from '@scheduled-scripts/postgres/embedded';
import { Pool } from 'pg';
import { root } from '../../prepare.mjs';

/** One place for all runs: what a killed run has left there, its server too, is ended and removed by the next one. */
export const benchFolder = join(root, '.data', 'bench');
const data = join(benchFolder, 'postgres');

const clear = () => {
  removePlaced(data);
  rmSync(benchFolder, { recursive: true, force: true });
};

/** An empty Postgres that keeps what it has promised: fsync and synchronous_commit are on. */
export const startPostgres = async (scope) => {
  // Ends the server of a killed run before its data go.
  await (await startEmbeddedPostgres({ dataDirectory: data, durable: true })).stop();
  clear();
  const server = await startEmbeddedPostgres({ dataDirectory: data, durable: true, maxConnections: 300 });
  await scope.add(server, async () => {
    await server.stop();
    clear();
  });
  const pool = new Pool({ connectionString: server.url, max: 2 });
  pool.on('error', () => undefined);
  await scope.add(pool, () => pool.end());
  return {
    url: server.url,
    pid: server.pid,
    query: (text, values) => pool.query(text, values),
    /** Before a side is measured: it shall not pay for the pages that the other has made dirty. */
    settle: () => pool.query('CHECKPOINT'),
    /** A pool of the bare driver, for the other side. */
    pool: async (max) => {
      const bare = new Pool({ connectionString: server.url, max });
      bare.on('error', () => undefined);
      return scope.add(bare, () => bare.end());
    },
  };
};
