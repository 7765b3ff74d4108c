import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@scheduled-scripts/platform';
import { until } from '@scheduled-scripts/postgres/testing';
import { HousekeepingWorker } from './housekeeping.worker.js';

describe('the housekeeping worker', () => {
  it('does every chore again and again, also beside one that fails, and stops', async () => {
    let log = '';
    const logger = createLogger({ name: 'housekeeping', destination: { write: (line) => void (log += line) } });
    let [failed, done] = [0, 0];
    const chores = {
      failing: () => {
        failed += 1;
        return Promise.reject(new Error('not now'));
      },
      working: () => Promise.resolve((done += 1)),
    };
    const worker = new HousekeepingWorker({ chores, logger, intervalMillis: 1 });
    await worker.start();
    await until(() => done >= 3);
    await worker.stop();
    const after = done;
    expect(failed).toBe(after);
    expect(log).toContain('"chore":"failing"');
    expect(log).toContain('"chore":"working","done":2');
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(after);
  });

  it('waits for the chore under way when it stops, and tells it', async () => {
    let signal: AbortSignal | undefined;
    let finish!: () => void;
    const under = (stopping: AbortSignal) => {
      signal = stopping;
      return new Promise<number>((resolve) => (finish = () => resolve(0)));
    };
    const worker = new HousekeepingWorker({ chores: { under }, logger: createLogger({ name: 'housekeeping', level: 'silent' }) });
    await worker.start();
    await until(() => signal !== undefined);
    const stopped = worker.stop();
    expect(signal?.aborted).toBe(true);
    finish();
    await stopped;
  });
});
