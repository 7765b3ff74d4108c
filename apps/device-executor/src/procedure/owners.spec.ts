import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectRouter } from '@scheduled-scripts/routeros';
import { begun } from '../testing/begun.js';
import { Gate } from '../testing/gate.js';
import { Mortality } from '../testing/mortality.js';
import { leftOn, runsOf } from '../testing/routers.js';
import { Stage } from '../testing/stage.js';
import type { TestExecutor } from '../testing/test-executor.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
}, 30_000);
afterAll(() => stage.strike(), 30_000);

/** Begins with what is due, under a lease that is over at once. */
const begin = async (on: Stage, owner: TestExecutor) => {
  const [item] = await on.rows.claim(owner.owner, 1);
  if (!item) throw new Error('nothing was due');
  return owner.handle(item);
};

/** Its first owner sleeps between the journal and the bytes, and wakes up when all is decided. */
const sentTooLate = begun(async () => {
  const own = await Stage.set();
  const gate = new Gate('/execute', '-w');
  try {
    const { router, siteId } = await own.site();
    const executionId = await own.order(siteId);
    const woken = begin(own, own.executor({ connect: gate.in(connectRouter) }));
    await gate.reached;
    await own.startExecutor();
    const ended = await own.endOf(router, executionId);
    gate.open();
    await woken;
    return { ...ended, runs: runsOf(router, executionId), left: leftOn(router) };
  } finally {
    await own.strike();
  }
});

/** Its first owner has died, and the router lists no names: nobody knows which job it is, nor that there is one. */
const nameless = begun(async () => {
  const own = await Stage.set();
  try {
    const { router, siteId } = await own.site({ faults: { conditions: { jobs: 'command' } } });
    const mortal = new Mortality((steps) => steps.at(-1) === '/execute' && steps.some((step) => step.includes('issued')));
    const executionId = await own.order(siteId, { script: ':delay 13s' });
    void begin(own, own.executor({ store: mortal.store(own.store), connect: mortal.connect(connectRouter) }));
    await mortal.died;
    await own.startExecutor();
    return await own.endOf(router, executionId);
  } finally {
    await own.strike();
  }
});

describe('an executor that is told to stop between the journal and the bytes', () => {
  it('still sends them, and another finds out what came of it', async () => {
    const gate = new Gate('/execute', '-w');
    const { router, siteId } = await stage.site();
    const first = await stage.startExecutor({ connect: gate.in(connectRouter) });
    const executionId = await stage.order(siteId);
    await gate.reached;
    const stopped = first.stop();
    gate.open();
    await stopped;
    expect((await stage.executions.story(executionId)).at(-1)).toBe('issued');
    const next = await stage.startExecutor();
    expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
    expect(runsOf(router, executionId)).toEqual(['completed']);
    await next.stop();
  });
});

describe('an executor that wakes up after its successor has finished', () => {
  it('in the midst of its preparation starts nothing, and takes away what it still laid out', async () => {
    const gate = new Gate('/system/script/add', '-t');
    const { router, siteId } = await stage.site();
    const executionId = await stage.order(siteId);
    const woken = begin(stage, stage.executor({ connect: gate.in(connectRouter) }));
    await gate.reached;
    const successor = await stage.startExecutor();
    expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed', owner: successor.owner });
    gate.open();
    expect(await woken).toEqual({ do: 'complete' });
    expect(runsOf(router, executionId)).toEqual(['completed']);
    expect(leftOn(router)).toEqual([]);
    await successor.stop();
  });

  it('between the journal and the bytes sends them in vain', async () => {
    expect(await sentTooLate()).toMatchObject({ verdict: 'not_started', runs: [], left: [] });
  }, 40_000);
});

describe('a script that goes on when its owner has died', () => {
  it('is waited for even where the router does not name what runs', async () => {
    expect(await nameless()).toMatchObject({ verdict: 'completed', runs: ['completed'], left: [] });
  }, 40_000);
});
