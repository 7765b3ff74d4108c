import { beforeEach, describe, expect, it } from '@jest/globals';
import { recordingLogger } from '../testing/fixture.js';
import { Health } from './health.js';

describe('health', () => {
  let now: number;
  let asked: number;
  let failing: boolean;
  let recorded: ReturnType<typeof recordingLogger>;
  let health: Health;

  const checks = {
    database: async () => {
      asked += 1;
      if (failing) throw new Error('no answer from db.internal:5432 for user:hunter2');
    },
    store: async () => {},
  };

  beforeEach(() => {
    now = 0;
    asked = 0;
    failing = false;
    recorded = recordingLogger();
    health = new Health({ logger: recorded.logger, now: () => now, timeoutMillis: 20, cacheMillis: 1_000 });
  });

  it('is alive but not ready before the start and during the stop', async () => {
    expect([health.live().ok, await health.ready()]).toEqual([true, { ok: false, body: { status: 'starting', checks: {} } }]);
    health.running(checks);
    expect(await health.ready()).toEqual({ ok: true, body: { status: 'ok', checks: { database: 'ok', store: 'ok' } } });
    health.stopping();
    expect([health.live().ok, await health.ready()]).toEqual([true, { ok: false, body: { status: 'stopping', checks: {} } }]);
  });

  it('names the check that fails; its reason is for the log', async () => {
    failing = true;
    health.running(checks);
    const report = await health.ready();
    expect(report).toEqual({ ok: false, body: { status: 'failed', checks: { database: 'failed', store: 'ok' } } });
    expect(recorded.lines()).toEqual([expect.objectContaining({ level: 'warn', check: 'database' })]);
  });

  it('logs when a check begins to fail and when it passes again, not in between', async () => {
    health.running(checks);
    for (const fails of [true, true, true, false, false]) {
      failing = fails;
      now += 1_000;
      await health.ready();
    }
    expect(recorded.lines().map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('asks once a second, however often it is asked', async () => {
    health.running(checks);
    await Promise.all(Array.from({ length: 20 }, () => health.ready()));
    expect(asked).toBe(1);
    now = 999;
    await health.ready();
    expect(asked).toBe(1);
    now = 1_000;
    await health.ready();
    expect(asked).toBe(2);
  });

  it('does not wait for a check that hangs', async () => {
    health.running({ ...checks, hanging: () => new Promise(() => {}) });
    expect((await health.ready()).body.checks).toEqual({ database: 'ok', store: 'ok', hanging: 'failed' });
  });

  it('survives a check that throws rather than rejects', async () => {
    health.running({
      broken: () => {
        throw new Error('at once');
      },
    });
    expect((await health.ready()).body.checks).toEqual({ broken: 'failed' });
  });

  it('is no longer alive once a worker has died', () => {
    health.running(checks);
    health.workerDied('consumer');
    expect(health.live()).toEqual({ ok: false, body: { status: 'failed', checks: { consumer: 'failed' } } });
  });
});
