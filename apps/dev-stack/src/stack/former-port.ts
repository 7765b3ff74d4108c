import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeWhole } from './private-files.js';

/** Below those that systems hand out to outgoing connections: after a restart it is likely to be free. */
const somePort = (): number => randomInt(20_000, 32_000);

const formerPort = (file: string): number => {
  const port = existsSync(file) ? Number(readFileSync(file, 'utf8')) : NaN;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : somePort();
};

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');

/**
 * Starts something where it was in the run before, as `file` remembers, so that addresses and tokens that people have kept stay good;
 * where somebody else is now, or the first time, at another port.
 */
export const startAsBefore = async <T extends { readonly url: string }>(file: string, start: (port: number) => Promise<T>): Promise<T> => {
  for (let port = formerPort(file); ; port = somePort()) {
    try {
      const started = await start(port);
      writeWhole(file, new URL(started.url).port);
      return started;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
};
