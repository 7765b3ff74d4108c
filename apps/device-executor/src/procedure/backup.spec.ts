import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningRouter } from '@scheduled-scripts/router-simulator';
import { connectRouter } from '@scheduled-scripts/routeros';
import { v7 } from 'uuid';
import { Gate } from '../testing/gate.js';
import { begun } from '../testing/begun.js';
import { leftOn, onRouter, runsOf } from '../testing/routers.js';
import { sha256 } from '../testing/executions.js';
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

/** Comments of many bytes, so that the pieces in which a long export is read end in the middle of characters. */
const writeMuch = (router: RunningRouter, comments: number): Promise<void> =>
  onRouter(router, async (session) => {
    for (let index = 0; index < comments; index += 1) {
      const words = ['=chain=input', '=action=accept', `=comment=${String(index).padStart(4, '.')}${'測試 žalias €'.repeat(60)}`];
      await session.command('/ip/firewall/filter/add', words, 5_000);
    }
  });

/** What the router itself would export, without the line that tells the time. */
const exported = (router: RunningRouter): Promise<string> =>
  onRouter(router, async (session) => {
    await session.command('/export', ['=file=reference'], 5_000);
    let text = '';
    while (text === '') {
      const { rows } = await session.command('/file/print', ['?name=reference.rsc', '=.proplist=contents'], 5_000);
      text = rows[0]?.['contents'] ?? '';
    }
    return text.replace(/^#.*\n/, '');
  });

describe('a backup that was asked for', () => {
  it('is the configuration before the script, stored under its hash, and leaves no file once all went well', async () => {
    const { router, siteId } = await stage.site();
    const before = await exported(router);
    const executionId = await stage.order(siteId, { makeBackup: true });
    const { phase, backup } = await stage.ended(executionId);
    const found = await stage.backup(executionId);
    expect({ phase, sha256: backup?.sha256, bytes: backup?.bytes }).toEqual({
      phase: 'completed',
      sha256: sha256(found?.text ?? ''),
      bytes: found?.text.length,
    });
    expect(found?.text.toString().replace(/^#.*\n/, '')).toBe(before);
    expect(before).not.toContain('blacklist');
    expect(leftOn(router)).toEqual([]);
  });

  it('is read in pieces, byte for byte, whatever they cut through', async () => {
    const router = await stage.router();
    await writeMuch(router, 90);
    const gate = new Gate('/file/remove');
    const own = await Stage.set();
    try {
      await own.startExecutor({ connect: gate.in(connectRouter) });
      const executionId = await own.order(await own.register(router), { makeBackup: true });
      await gate.reached;
      // The file itself, while it still lies there.
      const [file] = router.rows('/file').filter(({ name }) => name === `ax-${executionId}.rsc`);
      gate.open();
      const { backup } = await own.ended(executionId);
      expect(backup?.bytes).toBe(Number(file?.['size']));
      expect(backup?.bytes).toBeGreaterThan(2 * 32_768);
      const found = await own.backup(executionId);
      expect(found?.text.toString().match(/測試 žalias €/g)).toHaveLength(90 * 60);
    } finally {
      await own.strike();
    }
  });

  it.each(['7.12.1 (stable)', '6.49.18 (long-term)'])('is also had from %s, which cannot read files in pieces', async (version) => {
    const { siteId } = await stage.site({ profile: { version } });
    const executionId = await stage.order(siteId, { makeBackup: true });
    expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
    expect((await stage.backup(executionId))?.text.toString()).toContain('"defconf: drop invalid"');
  });

  it('stays on the router, as a binary, where something may be applied', async () => {
    const { router, siteId } = await stage.site();
    const executionId = await stage.order(siteId, { makeBackup: true, script: ':error "boom"' });
    expect((await stage.ended(executionId)).failure?.reason).toBe('script_error');
    expect(leftOn(router)).toEqual([`ax-${executionId}.backup`]);
  });

  it('stays there for a week, and another installation’s for as long as that wants', async () => {
    const { router, siteId } = await stage.site();
    const place = async (executionId: string): Promise<string> => {
      const name = `ax-${executionId}.backup`;
      await onRouter(router, (session) => session.command('/file/add', [`=name=${name}`, '=contents=backup'], 5_000));
      return name;
    };
    const endedDaysAgo = async (days: number): Promise<string> => {
      const atMillis = Date.now() - days * 24 * 3_600_000;
      const { executionId } = await stage.executions.ask(siteId, { atMillis });
      await stage.executions.abort(executionId, atMillis);
      return place(executionId);
    };
    const [old, recent, foreign] = [await endedDaysAgo(8), await endedDaysAgo(6), await place(v7())];
    await stage.ended(await stage.order(siteId));
    expect(leftOn(router)).toEqual([recent, foreign]);
    expect(leftOn(router)).not.toContain(old);
  });

  it('goes to the flash where that is a folder of its own', async () => {
    const { router, siteId } = await stage.site();
    await onRouter(router, (session) => session.command('/file/add', ['=name=flash', '=type=directory'], 5_000));
    const executionId = await stage.order(siteId, { makeBackup: true, script: ':error "boom"' });
    await stage.ended(executionId);
    expect(await stage.backup(executionId)).not.toBeNull();
    expect(leftOn(router)).toEqual([`flash/ax-${executionId}.backup`]);
  });

  it('is not mistaken for one of an earlier attempt', async () => {
    const { router, siteId } = await stage.site({ faults: { conditions: { fileDelayMillis: 800 } } });
    const { executionId } = await stage.executions.ask(siteId, { makeBackup: true });
    const words = [`=name=ax-${executionId}.rsc`, '=contents=# stale'];
    await onRouter(router, (session) => session.command('/file/add', words, 5_000));
    await stage.takeIn(executionId);
    expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
    expect((await stage.backup(executionId))?.text.toString()).not.toContain('stale');
  });
});

const failed = async (executionId: string, router: RunningRouter) => {
  const { failure } = await stage.ended(executionId);
  return { failure, runs: runsOf(router, executionId), left: leftOn(router), story: await stage.executions.story(executionId) };
};
const nothing = { runs: [], left: [], story: ['requested', 'claimed', 'failed'] };

describe('without its backup', () => {
  const withoutFile = begun(async () => {
    const { router, siteId } = await stage.faulty({ conditions: { exportFails: 'no-file' } });
    return failed(await stage.order(siteId, { makeBackup: true }), router);
  });

  it('the script is not run: the router refuses', async () => {
    const { router, siteId } = await stage.faulty({ conditions: { exportFails: 'refused' } });
    expect(await failed(await stage.order(siteId, { makeBackup: true }), router)).toEqual({
      ...nothing,
      failure: { reason: 'backup_failed', message: 'failure: export failed: not enough space on disk' },
    });
  });

  it.each([
    ['7.12.1 (stable)', 70],
    ['6.49.18 (long-term)', 6],
  ])('the script is not run: %s shows only small files', async (version, comments) => {
    const { router, siteId } = await stage.site({ profile: { version } });
    await writeMuch(router, comments);
    expect(await failed(await stage.order(siteId, { makeBackup: true }), router)).toMatchObject({
      ...nothing,
      failure: { reason: 'backup_failed', message: expect.stringContaining('only small files') },
    });
  });

  it('the script is not run: no file ever appears', async () => {
    expect(await withoutFile()).toMatchObject({
      ...nothing,
      failure: { reason: 'backup_failed', message: expect.stringContaining('did not appear among the files') },
    });
  }, 30_000);
});
