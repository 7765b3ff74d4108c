import { describe, expect, it } from '@jest/globals';
import { HousekeepingWorker } from './housekeeping.worker.js';
import { createLogger } from './logging/pino.logger.js';

describe('the housekeeping worker', () => {
  it('does every chore again and again, also beside one that fails, and stops', async () => {
    let log = '';
    const logger = createLogger({ name: 'housekeeping', destination: { write: (line) => void (log += line) } });
    let [failed, done] = [0, 0];
    let saySo!: () => void;
    const doneOften = new Promise<void>((resolve) => (saySo = resolve));
    const chores = {
      failing: () => {
        failed += 1;
        return Promise.reject(new Error('not now'));
      },
      working: () => {
        done += 1;
        if (done === 3) saySo();
        return Promise.resolve(done);
      },
    };
    const worker = new HousekeepingWorker({ chores, logger, intervalMillis: 1 });
    await worker.start();
    await doneOften;
    await worker.stop();
    const after = done;
    expect(failed).toBe(after);
    expect(log).toContain('"chore":"failing"');
    expect(log).toContain('"chore":"working","done":2');
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(after);
  });

  it('waits for the chore under way when it stops, and tells it', async () => {
    let finish!: () => void;
    let saySo!: (stopping: AbortSignal) => void;
    const begun = new Promise<AbortSignal>((resolve) => (saySo = resolve));
    const under = (stopping: AbortSignal) => {
      saySo(stopping);
      return new Promise<number>((resolve) => (finish = () => resolve(0)));
    };
    const worker = new HousekeepingWorker({ chores: { under }, logger: createLogger({ name: 'housekeeping', level: 'silent' }) });
    await worker.start();
    const signal = await begun;
    const stopped = worker.stop();
    expect(signal.aborted).toBe(true);
    finish();
    await stopped;
  });
});
