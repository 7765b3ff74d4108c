import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { selfSigned } from '@scheduled-scripts/routeros/testing';
import { blacklist, leftOn, runsOf, sha256, Stage } from '../testing/stage.js';
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

const rulesOn = (router: Awaited<ReturnType<Stage['router']>>) =>
  router.rows('/ip/firewall/filter').filter((rule) => rule['src-address-list'] === 'blacklist').length;

describe('a script that ends well', () => {
  it.each(['7.19.4 (stable)', '7.22.1 (stable)', '7.12.1 (stable)', '6.49.18 (long-term)'])(
    'on %s has run once, as approved, and leaves nothing of ours',
    async (version) => {
      const { router, siteId } = await stage.site({ profile: { version } });
      const executionId = await stage.order(siteId);
      expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed', owner: executor.owner, failure: null });
      expect(await stage.story(executionId)).toEqual(['requested', 'claimed', 'prepared', 'issued', 'completed']);
      expect(runsOf(router, executionId)).toEqual(['completed']);
      expect(router.journal()).toContainEqual(expect.objectContaining({ script: `ax-${executionId}`, sourceSha256: sha256(blacklist) }));
      expect(rulesOn(router)).toBe(1);
      expect(leftOn(router)).toEqual([]);
    },
  );
});

it('speaks TLS', () => {
  expect(selfSigned('127.0.0.1').cert).toContain('BEGIN');
});
