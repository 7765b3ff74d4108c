import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { metric } from '@scheduled-scripts/platform/testing/metric';
import { outageFor, until } from '@scheduled-scripts/postgres/testing';
import { fromNow, sites, Stage } from './testing/stage.js';

const minutes = (count: number): number => count * 60_000;

describe('launchers that were away', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set();
  }, 30_000);
  afterAll(() => stage.strike(), 30_000);

  it('launch what is late within the grace, and cancel as missed what is later', async () => {
    const [late, tooLate, unauthorized] = await Promise.all([
      stage.schedule({ launchAt: fromNow(-minutes(1)) }),
      stage.schedule({ launchAt: fromNow(-minutes(3)) }),
      stage.create({ launchAt: fromNow(-minutes(1)) }),
    ]);
    const launcher = await stage.startLauncher({ LAUNCH_GRACE_MILLIS: String(minutes(2)), EXECUTION_WINDOW_MILLIS: '5000' });
    const [launch, ...more] = await stage.launchesOf(late);
    expect(Date.parse(launch?.data.windowEndsAt ?? '') - Date.parse(launch?.at ?? '')).toBe(5_000);
    expect(more).toEqual([]);
    await until(async () => (await stage.happened(tooLate, 'scheduled-script.cancelled.v1')).length > 0);
    expect(await stage.happened(tooLate, 'scheduled-script.cancelled.v1')).toMatchObject([
      { by: 'service:launcher', data: { reason: 'launch_missed' } },
    ]);
    await until(async () => (await metric(launcher, 'scheduled_scripts_launches_total{fired="missed"')) === 1);
    expect(await stage.launched(tooLate)).toBe(false);
    expect(await stage.launched(unauthorized)).toBe(false);
    await launcher.stop();
  }, 30_000);

  it('leave to others what they had begun: a launch that was theirs, and a large rollout', async () => {
    const siteCount = 3_000;
    const requestedType = 'site-execution.requested.v1';
    const link = await outageFor(stage.test.url);
    const first = await stage.startLauncher({}, link.url);
    const large = await stage.schedule({ sites: sites(siteCount) });
    const due = await stage.schedule({ launchAt: fromNow(4_000) });
    await until(async () => ((await stage.dueRow(due))?.owner ?? null) !== null);
    await stage.launchByHand(large);
    const requested = async () => (await stage.executionEvents(large, requestedType)).map(({ data }) => String(data['siteId']));
    const soFar = async () =>
      (await stage.database.query(`SELECT FROM event_store.event WHERE type = $1 AND data->>'scriptId' = $2`, [requestedType, large]))
        .length;
    await until(async () => (await soFar()) > 0);
    await link.interrupt();
    expect(await soFar()).toBeLessThan(siteCount);
    expect(await stage.launched(due)).toBe(false);

    const second = await stage.startLauncher();
    expect(await stage.launchesOf(due)).toHaveLength(1);
    await until(async () => (await metric(second, 'scheduled_scripts_launches_total{fired="launched"')) === 1);
    await until(async () => (await soFar()) >= siteCount, 60_000);
    await until(async () => (await metric(second, 'scheduled_scripts_rollout_steps')) === 0);

    // Back again, the first one finds that there is nothing left to do.
    await link.restore();
    await until(async () => (await fetch(`${first.healthUrl}/readyz`)).ok);
    await first.stop();
    await link.close();
    expect(await stage.launchesOf(due)).toHaveLength(1);
    expect((await requested()).toSorted()).toEqual(sites(siteCount));
  }, 120_000);
});
