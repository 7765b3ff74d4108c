import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectRouter } from '@scheduled-scripts/routeros';
import { until } from '@scheduled-scripts/postgres/testing';
import { beforeTheIssue, Gate } from '../testing/gate.js';
import { leftOn, runsOf } from '../testing/routers.js';
import { Stage } from '../testing/stage.js';
import type { TestExecutor } from '../testing/test-executor.js';

let stage: Stage;
let executor: TestExecutor;
beforeAll(async () => {
  stage = await Stage.set();
  executor = await stage.startExecutor();
}, 30_000);
afterAll(async () => {
  await stage.strike();
  expect(executor.errors).toEqual([]);
}, 30_000);

describe('a router that is away', () => {
  it('fails at once where that was asked for', async () => {
    const { siteId } = await stage.faulty({ conditions: { refuse: true } });
    const executionId = await stage.order(siteId, { abortIfOffline: true });
    expect((await stage.ended(executionId)).failure).toMatchObject({ reason: 'offline', message: expect.stringContaining('ECONNREFUSED') });
    expect(await stage.executions.story(executionId)).toEqual(['requested', 'claimed', 'failed']);
  });

  it('is tried again, and the script run when it is back', async () => {
    const { router, siteId } = await stage.faulty({ conditions: { refuse: true } });
    const executionId = await stage.order(siteId);
    await until(async () => (await stage.rows.attempts(executionId)) >= 2);
    router.setFaults({});
    await stage.rows.hurry(executionId);
    expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
    expect(await stage.executions.story(executionId)).toEqual(['requested', 'claimed', 'prepared', 'issued', 'completed']);
  });

  it.each([{ reset: true }, { silent: true }])('is tried again until the window closes: %j', async (conditions) => {
    const { router, siteId } = await stage.faulty({ conditions });
    const executionId = await stage.order(siteId, { windowMillis: 2_500 });
    const { failure, finishedAt, windowEndsAt } = await stage.ended(executionId);
    expect(failure?.reason).toBe('unreachable');
    expect(String(finishedAt) >= windowEndsAt).toBe(true);
    expect(router.journal().filter(({ kind }) => kind === 'script-started')).toEqual([]);
  });

  it('does not hold up what is asked of the same site later', async () => {
    const { router, siteId } = await stage.faulty({ conditions: { refuse: true } });
    const patient = await stage.order(siteId);
    await until(async () => (await stage.rows.attempts(patient)) >= 1);
    const impatient = await stage.order(siteId, { abortIfOffline: true });
    expect((await stage.ended(impatient)).failure?.reason).toBe('offline');
    router.setFaults({});
    await stage.rows.hurry(patient);
    expect(await stage.ended(patient)).toMatchObject({ phase: 'completed' });
  });
});

describe('a window that closes', () => {
  it('before the router is reached ends it, and nothing is prepared', async () => {
    const { router, siteId } = await stage.site();
    const executionId = await stage.order(siteId, { windowMillis: -1 });
    expect((await stage.ended(executionId)).failure).toEqual({
      reason: 'unreachable',
      message: 'the router was reached only after the execution window had closed',
    });
    expect(router.journal().filter(({ kind }) => kind === 'script-started')).toEqual([]);
    expect(leftOn(router)).toEqual([]);
  });

  it('before the issue ends it, and what was prepared is removed', async () => {
    const own = await Stage.set();
    const gate = new Gate('/system/script/add', '-t');
    try {
      await own.startExecutor({ connect: gate.in(connectRouter) });
      const { router, siteId } = await own.site();
      const executionId = await own.order(siteId, { windowMillis: 10_000 });
      await gate.reached;
      const { windowEndsAt } = await own.executions.get(executionId);
      await until(() => new Date().toISOString() > windowEndsAt);
      gate.open();
      expect((await own.ended(executionId)).failure).toEqual({
        reason: 'not_started',
        message: 'the execution window closed before the script was started',
      });
      expect(await own.executions.story(executionId)).toEqual(['requested', 'claimed', 'prepared', 'failed']);
      expect(runsOf(router, executionId)).toEqual([]);
      expect(leftOn(router)).toEqual([]);
    } finally {
      await own.strike();
    }
  });
});

describe('an abort', () => {
  it('before anybody began ends the work without a visit to the router', async () => {
    const { router, siteId } = await stage.faulty({ conditions: { silent: true } });
    const { executionId } = await stage.executions.ask(siteId);
    await stage.executions.abort(executionId);
    await stage.takeIn(executionId);
    expect((await stage.ended(executionId)).failure?.reason).toBe('aborted');
    expect(await stage.executions.story(executionId)).toEqual(['requested', 'failed']);
    expect(router.journal().filter(({ kind }) => kind === 'script-started')).toEqual([]);
  });

  it.each([
    ['in the midst of the preparation', () => new Gate('/system/script/add', '-t')],
    ['right before the issue', beforeTheIssue],
  ])('wins %s, and what lies there is removed', async (_, gateOf) => {
    const own = await Stage.set();
    const gate = gateOf();
    try {
      await own.startExecutor({ connect: gate.in(connectRouter) });
      const { router, siteId } = await own.site();
      const executionId = await own.order(siteId);
      await gate.reached;
      expect(leftOn(router)).not.toEqual([]);
      await own.executions.abort(executionId);
      gate.open();
      expect((await own.ended(executionId)).failure?.reason).toBe('aborted');
      expect(runsOf(router, executionId)).toEqual([]);
      expect(leftOn(router)).toEqual([]);
    } finally {
      await own.strike();
    }
  });

  it('comes too late once the issue is journaled', async () => {
    const { router, siteId } = await stage.site();
    const executionId = await stage.order(siteId, { script: ':delay 500ms' });
    await stage.until(executionId, 'issued');
    expect(await stage.executions.abort(executionId)).toMatchObject({ phase: 'issued' });
    expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
    expect(runsOf(router, executionId)).toEqual(['completed']);
  });
});
