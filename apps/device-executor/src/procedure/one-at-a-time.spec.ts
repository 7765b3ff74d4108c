import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningRouter } from '@scheduled-scripts/router-simulator';
import { connectRouter } from '@scheduled-scripts/routeros';
import type { Queryable } from '@scheduled-scripts/postgres';
import { until } from '@scheduled-scripts/postgres/testing';
import { v7 } from 'uuid';
import { beforeTheIssue, Gate } from '../testing/gate.js';
import { Mortality } from '../testing/mortality.js';
import { leftOn, onRouter, runsOf } from '../testing/routers.js';
import { Stage } from '../testing/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
}, 30_000);
afterAll(() => stage.strike(), 30_000);

/** Starts and ends of users' scripts in their order, by execution. */
const orderOn = (router: RunningRouter): readonly string[] =>
  router.journal().flatMap((entry) => {
    if (entry.kind !== 'script-started' && entry.kind !== 'script-ended') return [];
    const [, executionId] = /^ax-(.{36})$/.exec(entry.script) ?? [];
    return executionId === undefined ? [] : [`${entry.kind === 'script-started' ? 'start' : 'end'} ${executionId}`];
  });

const oneAfterTheOther = (...executionIds: readonly string[]): readonly string[] =>
  executionIds.flatMap((executionId) => [`start ${executionId}`, `end ${executionId}`]);

const slow = ':delay 700ms';

const prepared = 'append site-execution.prepared.v1';
const issued = 'append site-execution.issued.v1';

/** An execution whose owner has died: once it was prepared, or once it was started. */
const abandoned = async (siteId: string, once: 'prepared' | 'started'): Promise<string> => {
  const mortal = new Mortality((steps) =>
    once === 'prepared' ? steps.at(-1) === prepared : steps.at(-1) === '/execute' && steps.includes(issued),
  );
  const owner = stage.executor({ store: mortal.store(stage.store), connect: mortal.connect(connectRouter) });
  const executionId = await stage.order(siteId, { script: slow });
  const [item] = await stage.rows.claim(owner.owner, 60_000);
  if (item?.id !== executionId) throw new Error('something else was due');
  void owner.handle(item);
  await mortal.died;
  await stage.rows.giveUp(executionId);
  return executionId;
};

describe('two executions at one site', () => {
  it('run one after the other, whoever works on them', async () => {
    const executors = [await stage.startExecutor(), await stage.startExecutor()];
    const { router, siteId } = await stage.site();
    const ids = [await stage.order(siteId, { script: slow }), await stage.order(siteId, { script: slow }), await stage.order(siteId)];
    for (const executionId of ids) expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
    expect(orderOn(router)).toEqual(oneAfterTheOther(...ids));
    await Promise.all(executors.map((executor) => executor.stop()));
  });

  it('run one after the other even where the first has lost the site’s lane while it runs', async () => {
    const { router, siteId } = await stage.site();
    const first = await abandoned(siteId, 'started');
    const executor = await stage.startExecutor();
    const second = await stage.order(siteId);
    expect(await stage.ended(second)).toMatchObject({ phase: 'completed' });
    expect(orderOn(router)).toEqual(oneAfterTheOther(first, second));
    // Its end was found on the way.
    expect(await stage.executions.story(first)).toEqual(['requested', 'claimed', 'prepared', 'issued', 'claimed', 'completed']);
    await stage.rows.hurry(first);
    expect(await stage.ended(first)).toMatchObject({ phase: 'completed' });
    await executor.stop();
    expect(executor.errors).toEqual([]);
  });

  it('leave nothing of the first that was never issued to be mistaken, and it still gets its turn', async () => {
    const { router, siteId } = await stage.site();
    const first = await abandoned(siteId, 'prepared');
    expect(leftOn(router)).toContain(`ax-${first}-t`);
    const executor = await stage.startExecutor();
    const second = await stage.order(siteId);
    expect(await stage.ended(second)).toMatchObject({ phase: 'completed' });
    expect(leftOn(router)).toEqual([]);
    await stage.rows.hurry(first);
    expect(await stage.ended(first)).toMatchObject({ phase: 'completed' });
    expect(orderOn(router)).toEqual(oneAfterTheOther(second, first));
    await executor.stop();
  });

  it('cannot be issued any more by a former owner of the first, once it was settled', async () => {
    const { router, siteId } = await stage.site();
    const gate = beforeTheIssue();
    const sleeper = stage.executor({ connect: gate.in(connectRouter) });
    const first = await stage.order(siteId);
    const [item] = await stage.rows.claim(sleeper.owner, 60_000);
    if (!item) throw new Error('nothing was due');
    const woken = sleeper.handle(item);
    await gate.reached;
    await stage.rows.giveUp(first);
    const executor = await stage.startExecutor();
    const second = await stage.order(siteId);
    expect(await stage.ended(second)).toMatchObject({ phase: 'completed' });
    gate.open();
    expect(await woken).toMatchObject({ do: 'reschedule' });
    expect(await stage.executions.story(first)).toEqual(['requested', 'claimed', 'prepared', 'claimed']);
    await stage.rows.hurry(first);
    expect(await stage.ended(first)).toMatchObject({ phase: 'completed' });
    expect(orderOn(router)).toEqual(oneAfterTheOther(second, first));
    await executor.stop();
  });

  it('do not run side by side where one that failed is still running: its truth is found first', async () => {
    const { router, siteId } = await stage.site();
    const first = await abandoned(siteId, 'started');
    await stage.executions.fail(first, 'outcome_unknown');
    const executor = await stage.startExecutor();
    const second = await stage.order(siteId);
    expect(await stage.ended(second)).toMatchObject({ phase: 'completed' });
    expect(orderOn(router)).toEqual(oneAfterTheOther(first, second));
    expect((await stage.executions.story(first)).at(-1)).toBe('resolved');
    expect(await stage.executions.get(first)).toMatchObject({ phase: 'completed' });
    expect(executor.resolutions).toEqual([{ outcome: 'completed' }]);
    await executor.stop();
  });

  it('settle what the store knows nothing of by removing it, once it does not run', async () => {
    const { router, siteId } = await stage.site();
    const unknown = v7();
    await onRouter(router, async (session) => {
      const words = [`=name=ax-${unknown}`, `=comment=ax:stage:${unknown}:prepared`, '=source=:delay 2500ms'];
      await session.command('/system/script/add', words, 5_000);
      await session.command('/execute', [`=script=/system script run ax-${unknown}`], 5_000);
    });
    const executor = await stage.startExecutor();
    const executionId = await stage.order(siteId);
    expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
    expect(orderOn(router)).toEqual(oneAfterTheOther(unknown, executionId));
    expect(leftOn(router)).toEqual([]);
    await executor.stop();
  });
});

describe('an error that nobody foresaw', () => {
  it('while the router holds our objects starts nothing twice: the other settles them, and each runs once', async () => {
    const { router, siteId } = await stage.site();
    const [first, second] = [await stage.order(siteId, { script: slow, makeBackup: true }), await stage.order(siteId)];
    let broken = true;
    const queryable: Queryable = {
      query: (text, parameters, name) =>
        broken && text.includes('INSERT INTO site_backups')
          ? Promise.reject(new Error('nobody foresaw this'))
          : stage.database.query(text, parameters, name),
    };
    const executor = await stage.startExecutor({ queryable });
    expect(await stage.ended(second)).toMatchObject({ phase: 'completed' });
    expect(executor.errors.length).toBeGreaterThan(0);
    broken = false;
    await stage.rows.hurry(first);
    expect(await stage.ended(first)).toMatchObject({ phase: 'completed' });
    expect(orderOn(router)).toEqual(oneAfterTheOther(second, first));
    expect(leftOn(router)).toEqual([]);
    await executor.stop();
  });
});

describe('routers that went dark while a script ran', () => {
  it('take no place from the others', async () => {
    const dark = [await stage.site(), await stage.site()];
    const lost: string[] = [];
    for (const { router, siteId } of dark) {
      lost.push(await abandoned(siteId, 'started'));
      router.setFaults({ conditions: { refuse: true } });
    }
    for (const executionId of lost) await stage.rows.hurry(executionId);
    const executor = await stage.startExecutor({ parallel: 1 });
    await until(async () => (await stage.rows.attempts(lost[1] ?? '')) > 1);
    const { siteId } = await stage.site();
    expect(await stage.ended(await stage.order(siteId))).toMatchObject({ phase: 'completed' });
    for (const executionId of lost) expect((await stage.executions.story(executionId)).at(-1)).toBe('claimed');
    for (const { router } of dark) router.setFaults({});
    for (const executionId of lost) {
      await stage.rows.hurry(executionId);
      expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
    }
    await executor.stop();
  }, 30_000);
});

describe('another installation on the same router', () => {
  it('is left alone, with all its objects, and runs side by side', async () => {
    const other = await Stage.set();
    const gate = new Gate('/execute', '-w');
    try {
      const { router, siteId } = await stage.site();
      const theirs = await other.register(router);
      await other.startExecutor({ installation: 'staging', connect: gate.in(connectRouter) });
      const executor = await stage.startExecutor();
      const foreign = await other.order(theirs);
      await gate.reached;
      const laidOut = leftOn(router);
      expect(laidOut).toHaveLength(3);
      expect(await stage.ended(await stage.order(siteId))).toMatchObject({ phase: 'completed' });
      expect(leftOn(router)).toEqual(laidOut);
      gate.open();
      expect(await other.ended(foreign)).toMatchObject({ phase: 'completed' });
      expect(runsOf(router, foreign)).toEqual(['completed']);
      await until(() => leftOn(router).length === 0);
      await executor.stop();
    } finally {
      await other.strike();
    }
  });
});
