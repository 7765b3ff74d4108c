import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removePlaced } from '@scheduled-scripts/postgres/embedded';
import { notedProcess } from './stack/process-proof.js';
import { endSimulator } from './stack/simulator.js';

const dataOfCheckout = fileURLToPath(new URL('../../../.data', import.meta.url));

/** Forgets everything that `npm start` keeps. Refuses while it runs. */
export const reset = async (data = dataOfCheckout): Promise<void> => {
  if (notedProcess(join(data, 'stack.pid')) !== null) throw new Error('npm start is running: stop it first');
  await endSimulator(join(data, 'simulator'));
  removePlaced(join(data, 'postgres'));
  rmSync(data, { recursive: true, force: true });
};
