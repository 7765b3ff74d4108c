import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whole or not at all, and for our eyes only: readers never see half a file. */
export const writeWhole = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  const half = `${file}.half`;
  const descriptor = openSync(half, 'w', 0o600);
  try {
    chmodSync(half, 0o600);
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(half, file);
};

/** The file's text; made by `create` the first time. */
export const kept = (file: string, create: () => string): string => {
  if (!existsSync(file)) writeWhole(file, create());
  return readFileSync(file, 'utf8');
};
