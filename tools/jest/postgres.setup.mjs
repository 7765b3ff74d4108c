// One Postgres for all suites of a run; each suite makes databases of its own in it (`@scheduled-scripts/postgres/testing`).
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@scheduled-scripts/postgres/embedded';

export default async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scheduled-scripts-test-'));
  const server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'postgres'), durable: false, maxConnections: 300 });
  process.env.TEST_POSTGRES_URL = server.url;
  globalThis.testPostgres = { server, folder };
};
