import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectRouter } from '@scheduled-scripts/routeros';
import type { ClaimedWork } from '@scheduled-scripts/postgres';
import { executionList } from '../device-executor.tables.js';
import { Mortality } from '../testing/mortality.js';
import { leftOn, runsOf } from '../testing/routers.js';
import { Stage, type Site } from '../testing/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
}, 30_000);
afterAll(() => stage.strike(), 30_000);

interface Life extends Site {
  readonly executionId: string;
  readonly mortality: Mortality;
}

/** Files are there at once, so that every life takes the same steps up to the issue. */
const born = async (version: string, fate: number): Promise<Life> => {
  const site = await stage.site({ profile: { version }, faults: { conditions: { fileDelayMillis: 0 } } });
  const executionId = await stage.order(site.siteId, { makeBackup: true });
  return { ...site, executionId, mortality: new Mortality((steps) => steps.length === fate) };
};

/** The first owner works until its fate overtakes it, or to the end. */
const live = async ({ mortality }: Life, item: ClaimedWork | undefined): Promise<void> => {
  if (!item) throw new Error('somebody else has claimed it');
  const owner = stage.executor({
    store: mortality.store(stage.store),
    queryable: mortality.queryable(stage.database),
    connect: mortality.connect(connectRouter),
  });
  const verdict = await Promise.race([owner.handle(item), mortality.died.then(() => null)]);
  if (verdict?.do === 'complete') await executionList.complete(stage.database, item);
};

const lived = async (version: string, fates: readonly number[]): Promise<readonly Life[]> => {
  const lives = await Promise.all(fates.map((fate) => born(version, fate)));
  const items = await stage.rows.claim('the dead', 60_000);
  await Promise.all(
    lives.map((life) =>
      live(
        life,
        items.find(({ id }) => id === life.executionId),
      ),
    ),
  );
  return lives;
};

/** Every step, from the one of that name on, of a life that nothing ends. */
const everyFate = async (version: string, from: string): Promise<readonly number[]> => {
  const [whole] = await lived(version, [Infinity]);
  if (!whole) throw new Error('nobody lived');
  expect(await stage.executions.story(whole.executionId)).toEqual(['requested', 'claimed', 'prepared', 'issued', 'completed']);
  const { steps } = whole.mortality;
  return Array.from(steps, (_, index) => index + 1).slice(steps.indexOf(from));
};

describe('an executor that dies at any of its steps, once it has taken effect', () => {
  it('is succeeded by one that finishes what it began: the script is started at most once, and the verdict is true', async () => {
    const modern = '7.19.4 (stable)';
    const old = '6.49.18 (long-term)';
    const lives = [
      ...(await lived(modern, await everyFate(modern, 'read'))),
      ...(await lived(old, await everyFate(old, 'append site-execution.issued.v1'))),
    ];
    await stage.rows.endLeases();
    const successor = await stage.startExecutor();
    const verdicts: string[] = [];
    for (const { executionId, router } of lives) {
      const { phase, failure, backup } = await stage.ended(executionId);
      const verdict = failure?.reason ?? phase;
      expect([verdict, runsOf(router, executionId)]).toEqual(
        verdict === 'not_started' ? ['not_started', []] : ['completed', ['completed']],
      );
      expect((await stage.executions.story(executionId)).filter((type) => type === 'issued')).toHaveLength(1);
      expect(leftOn(router)).toEqual([]);
      expect((await stage.backup(executionId))?.sha256).toBe(backup?.sha256);
      verdicts.push(verdict);
    }
    // Those who die between the journal and the bytes: at the append, and on the old router, whose clock is read first, after that.
    expect(verdicts.filter((verdict) => verdict === 'not_started')).toHaveLength(3);
    expect(successor.errors).toEqual([]);
    await successor.stop();
  }, 60_000);
});
