import { rm } from 'node:fs/promises';
import { removePlaced } from '@scheduled-scripts/postgres/embedded';
import { join } from 'node:path';

export default async () => {
  const { server, folder } = globalThis.testPostgres;
  await server.stop();
  removePlaced(join(folder, 'postgres'));
  await rm(folder, { recursive: true, force: true });
};
