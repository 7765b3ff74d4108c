/** The clock may be set while we sleep: it is looked at so often. */
const longestSleepMillis = 500;

const sleep = (millis: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(millis, longestSleepMillis));
    signal.addEventListener('abort', done);
  });

/**
 * Waits for the first millisecond that is not before `instant` (milliseconds since the epoch). Resolves to what the clock then says,
 * so that whoever goes on acts by the same reading; to `null` once aborted. A timer may fire a little early: the clock has the last word.
 */
export const reach = async (instant: number, signal: AbortSignal, now: () => number = Date.now): Promise<number | null> => {
  while (!signal.aborted) {
    const reading = now();
    if (reading >= instant) return reading;
    await sleep(instant - reading, signal);
  }
  return null;
};
