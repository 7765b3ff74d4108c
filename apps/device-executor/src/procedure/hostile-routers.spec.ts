import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultsInput } from '@scheduled-scripts/router-simulator';
import { until } from '@scheduled-scripts/postgres/testing';
import { runsOf } from '../testing/routers.js';
import { Stage, type Site } from '../testing/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
}, 30_000);
afterAll(() => stage.strike(), 30_000);

type Effect = 'hang' | 'reset' | 'close' | 'silent' | 'half-open' | 'rubbish' | 'flood' | 'fatal';
const effects: readonly Effect[] = ['hang', 'reset', 'close', 'silent', 'half-open', 'rubbish', 'flood', 'fatal'];

const effect = (kind: Effect) => (kind === 'hang' ? { kind, milliseconds: 3_600_000 } : { kind });

/** At the login, in the midst of the preparation, and when the start command is answered. */
const hostilities = effects.flatMap((kind): FaultsInput[] => [
  { rules: [{ at: { point: 'connect' }, effect: effect(kind) }] },
  { rules: [{ at: { point: 'command', path: '/system/script/add' }, effect: effect(kind) }] },
  { rules: [{ at: { point: 'command', path: '/system/script/job/print', when: 'during', origin: 'api' }, effect: effect(kind) }] },
]);

const crooked: readonly FaultsInput[] = [
  { rules: [{ at: { point: 'command', path: '*', origin: 'api' }, effect: { kind: 'send', words: ['!re', '.tag=nobody', '=a=b'] } }] },
  { conditions: { chunkBytes: 1 } },
  { conditions: { latencyMillis: 30, jitterMillis: 30, lastByteDelayMillis: 20 } },
];

describe('routers that hang, reset, answer rubbish or flood', () => {
  it('hold up none of the others', async () => {
    const executor = await stage.startExecutor({ parallel: hostilities.length + 4, commandTimeoutMillis: 2_000 });
    const hostile = await Promise.all(hostilities.map((faults) => stage.faulty(faults)));
    const bad = await Promise.all(hostile.map(({ siteId }) => stage.order(siteId, { windowMillis: 600_000 })));
    await until(async () => (await Promise.all(bad.map((id) => stage.executions.story(id)))).every((story) => story.length > 1));

    const friendly: Site[] = await Promise.all(Array.from({ length: 20 }, () => stage.site()));
    const good = await Promise.all(friendly.map(({ siteId }) => stage.order(siteId)));
    for (const executionId of good) expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
    const stories = await Promise.all(bad.map((id) => stage.executions.story(id)));
    expect(stories.filter((story) => story.includes('failed') || story.includes('completed'))).toEqual([]);
    for (const [index, executionId] of bad.entries()) expect(runsOf((hostile[index] as Site).router, executionId)).toEqual([]);
    // Nor do they keep anybody from stopping.
    await executor.stop();
    expect(executor.errors).toEqual([]);
  }, 120_000);

  it('that are only slow, chatty or in pieces are worked with', async () => {
    const executor = await stage.startExecutor();
    const sites = await Promise.all(crooked.map((faults) => stage.faulty(faults)));
    const orders = await Promise.all(sites.map(({ siteId }) => stage.order(siteId)));
    for (const executionId of orders) expect(await stage.ended(executionId, 100_000)).toMatchObject({ phase: 'completed' });
    await executor.stop();
  }, 120_000);
});
