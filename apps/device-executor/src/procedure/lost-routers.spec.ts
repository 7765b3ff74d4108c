import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultsInput, RunningRouter } from '@scheduled-scripts/router-simulator';
import { until } from '@scheduled-scripts/postgres/testing';
import { begun } from '../testing/begun.js';
import { leftOn, runsOf } from '../testing/routers.js';
import { organizationId } from '../testing/executions.js';
import { Stage } from '../testing/stage.js';
import type { TestExecutor } from '../testing/test-executor.js';

let stage: Stage;
let executor: TestExecutor;
beforeAll(async () => {
  stage = await Stage.set();
  executor = await stage.startExecutor({ commandTimeoutMillis: 1_000 });
}, 30_000);
afterAll(async () => {
  await stage.strike();
  expect(executor.errors).toEqual([]);
}, 30_000);

describe('a script that cuts our connection', () => {
  it.each([
    ['well', '/ip service set api disabled=no', 'completed', 'completed'],
    ['with an error', '/ip service set api disabled=no\n:error "no way back"', 'script_error', 'error'],
  ])('and ends %s while nobody can reach the router has its true verdict', async (_, rest, verdict, run) => {
    // Closing the service leaves sessions alone; the fault ends them, at a line that the wrapper does not have.
    const rules: FaultsInput['rules'] = [{ at: { point: 'line', script: 'ax-*', line: 9 }, times: 1, effect: { kind: 'reset' } }];
    const { router, siteId } = await stage.faulty({ rules });
    const script = `/ip service set api disabled=yes\n${'\n'.repeat(8)}:delay 1200ms\n${rest}`;
    const executionId = await stage.order(siteId, { script });
    const { phase, failure } = await stage.ended(executionId);
    expect(failure?.reason ?? phase).toBe(verdict);
    expect(runsOf(router, executionId)).toEqual([run]);
    expect(leftOn(router)).toEqual([]);
  });
});

/** Nobody is let in any more, and those who are in are thrown out with their next command. */
const cutOff: FaultsInput = {
  conditions: { refuse: true },
  rules: [{ at: { point: 'command', path: '*', origin: 'api' }, effect: { kind: 'reset' } }],
};

/** Time enough to issue the script on a busy machine; the trials wait for its end together. */
const windowMillis = 10_000;

interface Lost {
  readonly router: RunningRouter;
  readonly executionId: string;
}

/** Issued, and then not to be reached until the window has closed. */
const lost = async (script: string): Promise<Lost> => {
  const { router, siteId } = await stage.site();
  const executionId = await stage.order(siteId, { script, windowMillis });
  await until(() => runsOf(router, executionId).length > 0);
  router.setFaults(cutOff);
  const { failure } = await stage.until(executionId, 'failed');
  expect(failure).toEqual({
    reason: 'outcome_unknown',
    message: 'the router could not be reached again before the execution window closed',
  });
  return { router, executionId };
};

const isBack = async ({ router, executionId }: Lost): Promise<void> => {
  router.setFaults({});
  await until(async () => (await stage.rows.payload(executionId))['search'] === true);
  await until(async () => {
    await stage.rows.hurry(executionId);
    return !(await stage.rows.isListed(executionId));
  }, 30_000);
};

const slow = ':delay 3s';

describe('a router that cannot be reached until the window closes', () => {
  const trials = {
    completed: begun(() => lost(slow)),
    failed: begun(() => lost(`${slow}\n:error "boom"`)),
    rebooted: begun(() => lost(':delay 1h')),
    stillAway: begun(() => lost(slow)),
  };

  it('leaves an unknown outcome, and once it is back the truth: that the script has completed', async () => {
    const one = await trials.completed();
    await isBack(one);
    expect(await stage.executions.get(one.executionId)).toMatchObject({ phase: 'completed', failure: null });
    expect(await stage.executions.story(one.executionId)).toEqual(['requested', 'claimed', 'prepared', 'issued', 'failed', 'resolved']);
    expect(runsOf(one.router, one.executionId)).toEqual(['completed']);
    expect(leftOn(one.router)).toEqual([]);
  }, 60_000);

  it('or that it has stopped with an error', async () => {
    const one = await trials.failed();
    await isBack(one);
    expect((await stage.executions.get(one.executionId)).failure).toMatchObject({
      reason: 'script_error',
      message: expect.stringMatching(/^boom/),
    });
  }, 60_000);

  it('or nothing: it stays unknown, and nobody looks any longer', async () => {
    const one = await trials.rebooted();
    one.router.losePower(60_000);
    await isBack(one);
    expect((await stage.executions.get(one.executionId)).failure?.reason).toBe('outcome_unknown');
    expect((await stage.executions.story(one.executionId)).at(-1)).toBe('failed');
    expect(runsOf(one.router, one.executionId)).toEqual(['killed']);
  }, 60_000);

  it('is looked for again later, as long as it stays away', async () => {
    const { executionId } = await trials.stillAway();
    await until(async () => (await stage.rows.payload(executionId))['search'] === true);
    const attempts = await stage.rows.attempts(executionId);
    await stage.rows.hurry(executionId);
    await until(async () => (await stage.rows.attempts(executionId)) > attempts && (await stage.rows.dueInMillis(executionId)) > 20_000);
    expect(await stage.rows.isListed(executionId)).toBe(true);
  }, 60_000);
});

describe('a script that locks us out', () => {
  it('is not said to have failed: its outcome is unknown, until somebody tells us the new password', async () => {
    const { router, siteId } = await stage.site();
    const { username } = router.description;
    const script = `/user set ${username} password=changed`;
    // Whoever is in stays in: the fault throws us out.
    router.setFaults({ rules: [{ at: { point: 'command', path: '/user/set', when: 'after' }, effect: { kind: 'reset' } }] });
    const executionId = await stage.order(siteId, { script, windowMillis });
    expect((await stage.until(executionId, 'failed')).failure?.reason).toBe('outcome_unknown');
    await stage.directory.update(organizationId, siteId, { password: 'changed' });
    await isBack({ router, executionId });
    expect(await stage.executions.get(executionId)).toMatchObject({ phase: 'completed', failure: null });
  }, 60_000);
});
