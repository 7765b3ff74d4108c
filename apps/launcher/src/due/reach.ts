/** Longer ones overflow. */
const longestTimerMillis = 2 ** 31 - 1;

const sleep = (millis: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(millis, longestTimerMillis));
    signal.addEventListener('abort', done);
  });

/**
 * Resolves at the first millisecond that is not before `instant` (milliseconds since the epoch), or to `false` once aborted.
 * Node's timers may fire a little early and the clock may be set back: so the clock has the last word.
 */
export const reach = async (instant: number, signal: AbortSignal, now: () => number = Date.now): Promise<boolean> => {
  while (!signal.aborted) {
    const remaining = instant - now();
    if (remaining <= 0) return true;
    await sleep(remaining, signal);
  }
  return false;
};
