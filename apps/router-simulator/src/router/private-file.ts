import { renameSync, writeFileSync } from 'node:fs';

/** Writes JSON that its owner alone may read; whoever reads it sees the old or the new, never half. */
export const writePrivately = (file: string, content: unknown): void => {
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};
