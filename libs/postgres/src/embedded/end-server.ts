import { setTimeout as pause } from 'node:timers/promises';

/** Fast, then at once (the next start recovers), then without asking; 5 s in all. */
const steps = [
  { signal: 'SIGINT', millis: 3_000 },
  { signal: 'SIGQUIT', millis: 1_500 },
  { signal: 'SIGKILL', millis: 500 },
] as const;

export const endServer = async (kill: (signal: NodeJS.Signals) => void, ended: Promise<void>): Promise<void> => {
  for (const { signal, millis } of steps) {
    kill(signal);
    const waiting = new AbortController();
    const isEnded = await Promise.race([ended.then(() => true), pause(millis, false, { signal: waiting.signal }).catch(() => false)]);
    waiting.abort();
    if (isEnded) return;
  }
};
