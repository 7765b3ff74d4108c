import { setTimeout as pause } from 'node:timers/promises';

/**
 * Within one process, those who would race each other on one stream take turns. A courtesy and no lock: the expected revision decides who
 * wins, and whoever has waited long enough goes ahead and races.
 */
export class StreamTurns {
  private readonly last = new Map<string, Promise<unknown>>();

  take<T>(stream: string, patienceMillis: number, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(stream);
    const mine = before === undefined ? work() : atMost(before, patienceMillis).then(work);
    const over = Promise.allSettled([mine]);
    this.last.set(stream, over);
    return mine.finally(() => {
      if (this.last.get(stream) === over) this.last.delete(stream);
    });
  }
}

/** When `promise` is fulfilled, or after `millis`. */
const atMost = async (promise: Promise<unknown>, millis: number): Promise<void> => {
  const timer = new AbortController();
  await Promise.race([promise, pause(millis, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
};
