import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { outageFor, until, type Outage } from '@scheduled-scripts/postgres/testing';
import { connectRouter, type ConnectRouter } from '@scheduled-scripts/routeros';
import { begun } from '../testing/begun.js';
import { beforeTheIssue } from '../testing/gate.js';
import { leftOn, runsOf } from '../testing/routers.js';
import { Stage, type Site } from '../testing/stage.js';
import type { TestExecutor } from '../testing/test-executor.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
}, 30_000);
afterAll(() => stage.strike(), 30_000);

interface Scene extends Site {
  readonly executor: TestExecutor;
  readonly outage: Outage;
}

/** An executor whose store can be taken away. */
const withOutage = async <T>(connect: ConnectRouter, work: (scene: Scene) => Promise<T>): Promise<T> => {
  const outage = await outageFor(stage.test.url);
  const store = await openEventStore({ url: outage.url, applicationName: 'executor' });
  try {
    const executor = stage.executor({ store, connect });
    return await work({ ...(await stage.site()), executor, outage });
  } finally {
    await store.close();
    await outage.close();
  }
};

const work = async (executor: TestExecutor, executionId: string): Promise<void> => {
  const item = await stage.rows.claimOne(executor.owner, executionId, 60_000);
  expect(await executor.handle(item)).toEqual({ do: 'complete' });
};

const whenItIsToBeIssued = begun(() => {
  const gate = beforeTheIssue();
  return withOutage(gate.in(connectRouter), async ({ router, siteId, executor, outage }) => {
    const executionId = await stage.order(siteId, { windowMillis: 10_000 });
    const done = work(executor, executionId);
    await gate.reached;
    await outage.interrupt();
    gate.open();
    const { windowEndsAt } = await stage.executions.get(executionId);
    await until(() => new Date().toISOString() > windowEndsAt);
    await outage.restore();
    await done;
    const { failure } = await stage.executions.get(executionId);
    return { reason: failure?.reason, runs: runsOf(router, executionId), left: leftOn(router) };
  });
});

/** The append is on its way for so long that it is answered after the window. */
const slowlyIssued = begun(async () => {
  const { router, siteId } = await stage.site();
  const { store } = stage;
  const executor = stage.executor({
    store: {
      append: async (append) => {
        if (append.events[0]?.type === 'site-execution.issued.v1') await until(() => new Date().toISOString() > windowEndsAt);
        return store.append(append);
      },
      appendMany: (appends) => store.appendMany(appends),
      read: (stream, options) => store.read(stream, options),
      follow: (options) => store.follow(options),
      ping: () => store.ping(),
      close: async () => undefined,
    },
  });
  const executionId = await stage.order(siteId, { windowMillis: 10_000 });
  const { windowEndsAt } = await stage.executions.get(executionId);
  await work(executor, executionId);
  const { failure } = await stage.executions.get(executionId);
  return {
    reason: failure?.reason,
    story: await stage.executions.story(executionId),
    runs: runsOf(router, executionId),
    left: leftOn(router),
  };
});

describe('a store that is away', () => {
  it(
    'while the script runs is waited for, and the verdict is appended when it is back',
    () =>
      withOutage(connectRouter, async ({ router, siteId, executor, outage }) => {
        const executionId = await stage.order(siteId, { script: ':delay 500ms' });
        const done = work(executor, executionId);
        await until(() => runsOf(router, executionId).length > 0);
        await outage.interrupt();
        await until(() => runsOf(router, executionId)[0] === 'completed');
        expect(leftOn(router)).not.toEqual([]);
        await outage.restore();
        await done;
        expect(await stage.executions.get(executionId)).toMatchObject({ phase: 'completed' });
        expect(leftOn(router)).toEqual([]);
      }),
    30_000,
  );

  it('from before the issue until after the window lets nothing be started late', async () => {
    expect(await whenItIsToBeIssued()).toEqual({ reason: 'not_started', runs: [], left: [] });
  }, 40_000);

  it('for the very moment of the issue lets nothing be started late, either: what was journaled is withdrawn', async () => {
    const story = ['requested', 'claimed', 'prepared', 'issued', 'failed'];
    expect(await slowlyIssued()).toEqual({ reason: 'not_started', story, runs: [], left: [] });
  }, 40_000);

  it(
    'when somebody tells us to stop keeps nobody',
    () =>
      withOutage(connectRouter, async ({ siteId, executor, outage }) => {
        const executionId = await stage.order(siteId);
        const item = await stage.rows.claimOne(executor.owner, executionId, 60_000);
        const stopping = new AbortController();
        await outage.interrupt();
        const verdict = executor.handle(item, stopping.signal);
        stopping.abort();
        expect(await verdict).toEqual({ do: 'release' });
      }),
    30_000,
  );
});
