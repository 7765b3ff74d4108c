import { setTimeout as pause } from 'node:timers/promises';

const firstPauseMillis = 100;
const longestPauseMillis = 5_000;
const outages = new Set(['store_unavailable', 'database_unavailable']);

const isOutage = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && outages.has(error.code);

/**
 * Waits out an outage of the store or of Postgres: once a router holds our objects, its site must not be given to another execution
 * for that. Ends with the error when `signal` aborts.
 */
export const patiently = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
  for (let millis = firstPauseMillis; ; millis = Math.min(2 * millis, longestPauseMillis)) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error) || signal.aborted) throw error;
      await pause(millis, undefined, { signal }).catch(() => undefined);
    }
  }
};

/** Resolves early when `signal` aborts. */
export const rest = async (millis: number, signal: AbortSignal): Promise<void> => {
  await pause(millis, undefined, { signal }).catch(() => undefined);
};
