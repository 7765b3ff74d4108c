import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reset } from '../reset.js';

export interface DataFolder {
  readonly path: string;
  /** Also ends what a killed stack has left. */
  remove(): Promise<void>;
}

/** A folder for one stack's data that does not exist yet, as in a fresh clone. */
export const newDataFolder = (): DataFolder => {
  const parent = mkdtempSync(join(tmpdir(), 'dev-stack-'));
  chmodSync(parent, 0o711); // So that, as root, the account that Postgres runs as gets there.
  const path = join(parent, 'data');
  return {
    path,
    remove: async () => {
      await reset(path);
      rmSync(parent, { recursive: true, force: true });
    },
  };
};
