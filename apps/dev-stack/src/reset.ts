import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { discardEmbeddedPostgres } from '@scheduled-scripts/postgres/embedded';
import { claimFolder } from './stack/folder-claim.js';
import { endSimulator } from './stack/simulator.js';

const dataOfCheckout = fileURLToPath(new URL('../../../.data', import.meta.url));

/** Forgets everything that `npm start` keeps, and ends what a killed run has left. Throws `AlreadyRunning` while it runs. */
export const reset = async (data = dataOfCheckout): Promise<void> => {
  mkdirSync(data, { recursive: true });
  claimFolder(data);
  // Routers that cannot be started do not run either.
  await endSimulator(join(data, 'simulator')).catch(() => undefined);
  await discardEmbeddedPostgres(join(data, 'postgres'));
  rmSync(data, { recursive: true, force: true });
};
