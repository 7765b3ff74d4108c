import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@scheduled-scripts/postgres/testing';
import { approver, author, fromNow, nowBy, sha256, siteNumber, sites, Stage } from '../testing/stage.js';
import { rolloutExecutionId, testExecutionId } from './execution-id.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.set();
  await stage.startLauncher();
}, 30_000);
afterAll(() => stage.strike(), 30_000);

const requestedOf = (scriptId: string) => stage.executionEvents(scriptId, 'site-execution.requested.v1');
const failedOf = async (scriptId: string) =>
  (await stage.executionEvents(scriptId, 'site-execution.failed.v1')).map(
    ({ data }) => `${String(data['siteId'])} ${String(data['reason'])}`,
  );
const completionsOf = (scriptId: string) => stage.happened(scriptId, 'scheduled-script.rollout-completed.v1');
const untilCompleted = (scriptId: string) => until(async () => (await completionsOf(scriptId)).length > 0);

describe('a rollout', () => {
  it('is asked for at every site, in one conversation, after a launch on schedule or by hand', async () => {
    const byHand = await stage.schedule({ sites: sites(3), makeBackup: true });
    const onSchedule = await stage.schedule({ sites: sites(2), launchAt: fromNow(0), abortIfOffline: true });
    await stage.launchByHand(byHand);
    expect([...(await stage.executionsOf(byHand, 3)).keys()].toSorted()).toEqual(sites(3));
    await stage.executionsOf(onSchedule, 2);
    const [launch] = await stage.launchesOf(byHand);
    const script = await stage.scripts.load(byHand);
    for (const { data, metadata } of await requestedOf(byHand)) {
      expect(data).toMatchObject({
        executionId: rolloutExecutionId(byHand, String(data['siteId'])),
        kind: 'rollout',
        scriptVersion: script?.version,
        scriptSha256: script?.scriptSha256,
        windowEndsAt: launch?.data.windowEndsAt,
        makeBackup: true,
        abortIfOffline: false,
      });
      expect(metadata).toMatchObject({ organizationId: 'org_1', actor: 'service:launcher', correlationId: byHand });
    }
    expect(await requestedOf(onSchedule)).toMatchObject([
      { data: { makeBackup: false, abortIfOffline: true } },
      { data: { makeBackup: false, abortIfOffline: true } },
    ]);
    expect(await stage.dueRow(byHand)).toBeUndefined();
  }, 30_000);

  it('is completed once, with what became of each site, however often that is heard', async () => {
    const scriptId = await stage.schedule({ sites: sites(12) });
    await stage.launchByHand(scriptId);
    const executions = await stage.executionsOf(scriptId, 12);
    const outcomes = [...executions].map(([siteId, executionId], index) => ({ siteId, executionId, isFailure: index % 3 === 0 }));
    await Promise.all(outcomes.map(({ executionId, isFailure }) => stage.execute(executionId, isFailure ? 'failed' : 'completed')));
    await untilCompleted(scriptId);
    const failures = outcomes.filter(({ isFailure }) => isFailure);
    const failedSites = failures
      .map(({ siteId }) => ({ siteId, reason: 'offline' }))
      .toSorted((one, other) => (one.siteId < other.siteId ? -1 : 1));
    expect(await completionsOf(scriptId)).toMatchObject([
      { by: 'service:launcher', data: { completed: 12 - failures.length, failed: failures.length, failedSites } },
    ]);
    await stage.repeat(scriptId, [...executions.values()]);
    const next = await stage.schedule({ launchAt: fromNow(0) });
    await stage.executionsOf(next, 1);
    expect(await completionsOf(scriptId)).toHaveLength(1);
    expect(await requestedOf(scriptId)).toHaveLength(12);
  }, 30_000);
});

describe('a test', () => {
  it('runs what stood when it was asked for, and counts for no rollout', async () => {
    const scriptId = await stage.create({ sites: sites(1), testSiteId: siteNumber(7), script: ':put "tested"', makeBackup: true });
    stage.relay.hold();
    await stage.script(scriptId, { type: 'request-test', ...nowBy(author), windowMillis: 60_000 });
    await stage.revise(scriptId, { sites: sites(1), testSiteId: siteNumber(8), script: ':put "changed"' });
    await stage.script(scriptId, { type: 'request-test', ...nowBy(author), windowMillis: 60_000 });
    stage.relay.go();
    await stage.executionsOf(scriptId, 2);
    const expected = [
      { number: 1, siteId: siteNumber(7), scriptVersion: 1, scriptSha256: sha256(':put "tested"'), makeBackup: true },
      { number: 2, siteId: siteNumber(8), scriptVersion: 2, scriptSha256: sha256(':put "changed"'), makeBackup: false },
    ];
    const asked = await stage.happened(scriptId, 'scheduled-script.test-requested.v1');
    expect((await requestedOf(scriptId)).map(({ data }) => data)).toEqual(
      expected.map(({ number, ...order }) => ({
        executionId: testExecutionId(scriptId, number, order.siteId),
        kind: 'test',
        scriptId,
        organizationId: 'org_1',
        windowEndsAt: asked[number - 1]?.data.windowEndsAt,
        abortIfOffline: false,
        ...order,
      })),
    );
    await stage.execute(testExecutionId(scriptId, 2, siteNumber(8)), 'completed');
    await stage.authorize(scriptId);
    await stage.launchByHand(scriptId);
    await stage.execute((await stage.executionsOf(scriptId, 3)).get(siteNumber(1)) ?? '', 'failed');
    await untilCompleted(scriptId);
    expect(await completionsOf(scriptId)).toMatchObject([{ data: { completed: 0, failed: 1 } }]);
  }, 30_000);
});

describe('an abort', () => {
  it('ends what has not been issued, and leaves the rest alone', async () => {
    const scriptId = await stage.schedule({ sites: sites(5) });
    await stage.launchByHand(scriptId);
    const executions = await stage.executionsOf(scriptId, 5);
    const of = (number: number): string => executions.get(siteNumber(number)) ?? '';
    await stage.execute(of(1), 'completed');
    await stage.execute(of(2), 'failed');
    await stage.execute(of(3), 'issued');
    await stage.execute(of(4), 'claimed');
    await stage.script(scriptId, { type: 'abort-rollout', ...nowBy(approver) });
    await until(async () => (await failedOf(scriptId)).length === 3);
    expect((await failedOf(scriptId)).toSorted()).toEqual([
      `${siteNumber(2)} offline`,
      `${siteNumber(4)} aborted`,
      `${siteNumber(5)} aborted`,
    ]);
    const own = { ...nowBy('service:device-executor'), owner: 'executor' };
    const context = { organizationId: 'org_1', correlationId: 'stage', causationId: 'stage' };
    await stage.executions.decide(of(3), { type: 'complete', ...own }, context);
    await untilCompleted(scriptId);
    expect(await completionsOf(scriptId)).toMatchObject([{ data: { completed: 2, failed: 3 } }]);
  }, 30_000);

  it('gives every site an end, also where nobody had been asked yet', async () => {
    const scriptId = await stage.schedule({ sites: sites(40) });
    stage.relay.hold();
    await stage.launchByHand(scriptId);
    await stage.script(scriptId, { type: 'abort-rollout', ...nowBy(approver) });
    stage.relay.go();
    await untilCompleted(scriptId);
    expect(await completionsOf(scriptId)).toMatchObject([{ data: { completed: 0, failed: 40 } }]);
    expect(await requestedOf(scriptId)).toHaveLength(40);
    expect(await failedOf(scriptId)).toEqual(expect.arrayContaining(sites(40).map((siteId) => `${siteId} aborted`)));
  }, 30_000);
});
