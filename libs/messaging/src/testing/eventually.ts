import { setTimeout as pause } from 'node:timers/promises';

/** Waits until `holds` answers true; fails with `what` after the deadline. */
export const eventually = async (what: string, holds: () => boolean | Promise<boolean>, deadlineMillis = 30_000): Promise<void> => {
  const deadline = performance.now() + deadlineMillis;
  while (!(await holds())) {
    if (performance.now() >= deadline) throw new Error(`did not happen in ${deadlineMillis} ms: ${what}`);
    await pause(10);
  }
};
