import { setTimeout as pause } from 'node:timers/promises';
import { StoreUnavailable } from '../event-store.js';

const firstPauseMillis = 25;
const longestPauseMillis = 1_000;

/**
 * Repeats `append` while the store cannot say what became of it, `forMillis` at most. The same ids each time: the store recognises
 * them, so an answer is the truth about the first try too.
 */
export const persistently = async <T>(append: () => Promise<T>, forMillis: number): Promise<T> => {
  const deadline = performance.now() + forMillis;
  for (let pauseMillis = firstPauseMillis; ; pauseMillis = Math.min(pauseMillis * 2, longestPauseMillis)) {
    try {
      return await append();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || performance.now() + pauseMillis > deadline) throw error;
      await pause(pauseMillis);
    }
  }
};
