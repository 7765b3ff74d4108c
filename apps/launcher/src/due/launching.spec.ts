import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { timestampOfMillis, type Timestamp } from '@scheduled-scripts/domain';
import type { RunningService } from '@scheduled-scripts/platform';
import { metric } from '@scheduled-scripts/platform/testing/metric';
import { until } from '@scheduled-scripts/postgres/testing';
import { author, fromNow, nowBy, Stage } from '../testing/stage.js';

describe('with several launchers', () => {
  let stage: Stage;
  let launchers: readonly RunningService[];

  beforeAll(async () => {
    stage = await Stage.set();
    launchers = await Promise.all([stage.startLauncher(), stage.startLauncher(), stage.startLauncher()]);
  }, 30_000);
  afterAll(() => stage.strike(), 30_000);

  /** A launch is claimed two seconds before it: until then there is time to do what has to be done before it. */
  const soonMillis = 4_000;

  /** Waits until a script that is due after the others, and known after them, has been launched. */
  const untilLaunchedAfter = async (launchAt: Timestamp): Promise<void> => {
    await stage.launchesOf(await stage.schedule({ launchAt }));
  };

  it('each schedule is launched once, and never early', async () => {
    const due = Array.from({ length: 200 }, (_, index) => fromNow(1_500 + index * 4));
    const plans = due.map((at, index) => ({ launchAt: index % 2 === 0 ? at : (at.replace('000Z', '001Z') as Timestamp) }));
    const ids = await Promise.all(plans.map((plan) => stage.schedule(plan)));
    for (const [index, id] of ids.entries()) {
      const launches = await stage.launchesOf(id);
      expect(launches).toMatchObject([{ by: 'service:launcher', data: { trigger: 'schedule' } }]);
      expect(String(launches[0]?.at) >= String(plans[index]?.launchAt)).toBe(true);
    }
    await until(async () => (await stage.database.query('SELECT FROM due_launches')).length === 0);
    const fired = await Promise.all(launchers.map((one) => metric(one, 'scheduled_scripts_launches_total{fired="launched"')));
    expect(fired.reduce((sum, count) => sum + count)).toBe(200);
  }, 30_000);

  it('what was changed or withdrawn before its time is not launched at it', async () => {
    const launchAt = fromNow(soonMillis);
    const [cancelled, revised, postponed, unauthorized] = await Promise.all([
      stage.schedule({ launchAt }),
      stage.schedule({ launchAt }),
      stage.schedule({ launchAt }),
      stage.create({ launchAt }),
    ]);
    await until(async () => ((await stage.dueRow(cancelled))?.owner ?? null) !== null);
    await stage.script(cancelled, { type: 'cancel', ...nowBy(author) });
    await stage.revise(revised, { launchAt });
    const later = fromNow(soonMillis);
    await stage.revise(postponed, { launchAt: later });
    await stage.authorize(postponed);
    await untilLaunchedAfter(launchAt);
    for (const id of [cancelled, revised, unauthorized]) expect(await stage.launched(id)).toBe(false);
    const launches = await stage.launchesOf(postponed);
    expect(launches).toHaveLength(1);
    expect(String(launches[0]?.at) >= later).toBe(true);
    for (const id of [cancelled, revised, unauthorized]) {
      expect(await stage.launched(id)).toBe(false);
      expect(await stage.dueRow(id)).toBeUndefined();
    }
  }, 30_000);

  it('not even if the news of it comes too late', async () => {
    const launchAt = fromNow(soonMillis);
    const [cancelled, postponed] = await Promise.all([stage.schedule({ launchAt }), stage.schedule({ launchAt })]);
    await until(async () => (await stage.dueRow(cancelled)) !== undefined && (await stage.dueRow(postponed)) !== undefined);
    stage.relay.hold();
    const later = fromNow(soonMillis);
    await stage.script(cancelled, { type: 'cancel', ...nowBy(author) });
    await stage.revise(postponed, { launchAt: later });
    await stage.authorize(postponed);
    // They were tried, and refused.
    await until(async () => (await stage.dueRow(cancelled)) === undefined && (await stage.dueRow(postponed)) === undefined);
    stage.relay.go();
    const launches = await stage.launchesOf(postponed);
    expect(String(launches[0]?.at) >= later).toBe(true);
    expect(launches).toHaveLength(1);
    expect(await stage.launched(cancelled)).toBe(false);
  }, 30_000);

  it('what was put off by a moment is launched then, whoever of them had taken it before', async () => {
    const launchAt = Date.now() + soonMillis;
    const ids = await Promise.all(Array.from({ length: 4 }, () => stage.schedule({ launchAt: timestampOfMillis(launchAt) })));
    for (const id of ids) await until(async () => ((await stage.dueRow(id))?.owner ?? null) !== null);
    const later = timestampOfMillis(launchAt + 800);
    for (const id of ids) await stage.revise(id, { launchAt: later });
    for (const id of ids) await until(async () => (await stage.dueRow(id)) === undefined);
    for (const id of ids) await stage.authorize(id);
    for (const id of ids) {
      const launches = await stage.launchesOf(id);
      expect(launches).toHaveLength(1);
      expect(String(launches[0]?.at) >= later).toBe(true);
    }
  }, 30_000);

  it('a launch whose message comes again is no second launch', async () => {
    const id = await stage.schedule({ launchAt: fromNow(0) });
    await stage.launchesOf(id);
    await stage.repeat(id);
    await untilLaunchedAfter(fromNow(0));
    expect(await stage.launchesOf(id)).toHaveLength(1);
  }, 30_000);
});
