import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultsInput, RunningRouter } from '@scheduled-scripts/router-simulator';
import { connectRouter } from '@scheduled-scripts/routeros';
import { until } from '@scheduled-scripts/postgres/testing';
import { begun } from '../testing/begun.js';
import { Gate } from '../testing/gate.js';
import { onRouter, runsOf } from '../testing/routers.js';
import type { OrderChanges } from '../testing/executions.js';
import { Stage } from '../testing/stage.js';
import type { TestExecutor } from '../testing/test-executor.js';

let stage: Stage;
let executor: TestExecutor;
/** Stops scripts after two seconds. */
let hasty: Promise<Stage>;
beforeAll(async () => {
  stage = await Stage.set();
  executor = await stage.startExecutor({ commandTimeoutMillis: 3_000 });
  hasty = Stage.set().then(async (own) => {
    await own.startExecutor({ scriptTimeoutMillis: 2_000 });
    return own;
  });
}, 30_000);
afterAll(async () => {
  await stage.strike();
  await (await hasty).strike();
  expect(executor.errors).toEqual([]);
}, 30_000);

/** The start command and nothing else. */
const startCommand = { point: 'command', path: '/execute', contains: '-w', origin: 'api' } as const;

const trial = (
  faults: FaultsInput,
  changes: OrderChanges = {},
  happens: (router: RunningRouter, id: string) => unknown = () => undefined,
) =>
  begun(async () => {
    const { router, siteId } = await stage.site({ faults });
    const executionId = await stage.order(siteId, changes);
    await happens(router, executionId);
    return stage.endOf(router, executionId);
  });

const started = (router: RunningRouter, executionId: string): Promise<void> => until(() => runsOf(router, executionId).length > 0);

const takesLong = { script: ':delay 1h' };

/** Longer than the wrapper, so that a fault can tell them apart by their lines. */
const long = Array.from({ length: 9 }, () => ':put 1').join('\n');

const timedOut = (options: { version?: string; faults?: FaultsInput }) =>
  begun(async () => {
    const on = await hasty;
    const { router, siteId } = await on.site({
      ...(options.version === undefined ? {} : { profile: { version: options.version } }),
      faults: options.faults ?? {},
    });
    return on.endOf(router, await on.order(siteId, { script: '/system identity set name=changed\n:delay 1h' }));
  });

const before = trial({ rules: [{ at: { ...startCommand, when: 'before' }, effect: { kind: 'reset' } }] });
const during = trial({ rules: [{ at: { ...startCommand, when: 'during' }, effect: { kind: 'reset' } }] });
const after = trial({ rules: [{ at: { ...startCommand, when: 'after' }, effect: { kind: 'reset' } }] });
const unanswered = trial({ rules: [{ at: { ...startCommand, when: 'after' }, effect: { kind: 'silent' } }] });
const late = trial({ rules: [{ at: startCommand, effect: { kind: 'late', milliseconds: 8_000 } }] });
const refused = trial({ rules: [{ at: startCommand, effect: { kind: 'trap', message: 'not enough permissions (9)' } }] });
const killed = trial({ rules: [{ at: { point: 'line', script: 'ax-*', line: 9 }, effect: { kind: 'kill-job' } }] }, { script: long });
const exited = begun(async () => {
  const { router, siteId } = await stage.site({ profile: { version: '7.22.1 (stable)' } });
  return stage.endOf(router, await stage.order(siteId, { script: ':put 1\n:exit' }));
});
const withSession = trial(
  {
    conditions: { detachedJobsDieWithSession: true },
    rules: [{ at: { point: 'line', script: 'ax-*', line: 9 }, times: 1, effect: { kind: 'reset' } }],
  },
  { script: `${long}\n:delay 1h` },
);
const boot = { conditions: { bootMillis: 300 } };
const rebooted = trial(boot, takesLong, async (router, id) => {
  await started(router, id);
  router.reboot();
  // Afterwards other jobs have the ids that ours may have had.
  await until(() => onRouter(router, (session) => session.command('/system/identity/print', [], 1_000)).then(Boolean, () => false));
  await onRouter(router, async (session) => {
    for (let job = 0; job < 30; job += 1) await session.command('/execute', ['=script=:delay 1h'], 5_000);
  });
});
const lostAll = trial(boot, takesLong, async (router, id) => {
  await started(router, id);
  router.losePower(60_000);
});
/** The last writes are those of the wrapper: the ticket is back. */
const lostLast = begun(async () => {
  const own = await Stage.set();
  const gate = new Gate('/execute', '-w');
  try {
    await own.startExecutor({ connect: gate.in(connectRouter) });
    const { router, siteId } = await own.site({ faults: boot });
    const executionId = await own.order(siteId, takesLong);
    await gate.reached;
    const laidOutAt = Date.now();
    await until(() => Date.now() > laidOutAt + 50);
    gate.open();
    await started(router, executionId);
    router.losePower(Date.now() - laidOutAt - 25);
    const isBack = router.rows('/system/script').some(({ name }) => name === `ax-${executionId}-t`);
    return { ...(await own.endOf(router, executionId)), isBack };
  } finally {
    await own.strike();
  }
});
const beforeTheStart = trial({ ...boot, rules: [{ at: startCommand, times: 1, effect: { kind: 'power-loss' } }] });
const afterTheEnd = trial({
  ...boot,
  rules: [{ at: { point: 'command', path: '/system/script/set', contains: ':ok', when: 'after' }, effect: { kind: 'reboot' } }],
});
const listed = timedOut({});
const unnamed = timedOut({ faults: { conditions: { jobs: 'command' } } });
const old = timedOut({ version: '6.49.18 (long-term)' });

describe('a start command that gets lost', () => {
  it('before it took effect was not started, and never will be', async () => {
    expect(await before()).toEqual({
      verdict: 'not_started',
      message: 'the router did not start the script; it was withdrawn',
      runs: [],
      left: [],
    });
  }, 120_000);

  it.each([
    ['while it was answered', during],
    ['before it was answered', after],
    ['in a connection that has gone silent', unanswered],
    ['for longer than anybody waits for an answer', late],
  ])(
    '%s has started the script, once',
    async (_, ended) => {
      expect(await ended()).toMatchObject({ verdict: 'completed', runs: ['completed'], left: [] });
    },
    120_000,
  );

  it('because the router refuses it was not started, in the words of the router', async () => {
    expect(await refused()).toMatchObject({ verdict: 'not_started', runs: [], left: [] });
    expect((await refused()).message).toContain('not enough permissions (9)');
  }, 120_000);
});

describe('a script that ends without a word', () => {
  it.each([
    ['killed', killed],
    ['by :exit', exited],
    ['with the session that started it', withSession],
  ])(
    'is an unknown outcome: %s',
    async (_, ended) => {
      expect(await ended()).toMatchObject({ verdict: 'outcome_unknown', left: [] });
    },
    120_000,
  );
});

describe('a router that goes down', () => {
  it('while the script runs leaves an unknown outcome, and the script is not run again', async () => {
    expect(await rebooted()).toEqual({
      verdict: 'outcome_unknown',
      message: 'the router rebooted after the script was issued',
      runs: ['killed'],
      left: [],
    });
  }, 120_000);

  it('and loses its last writes, so that it seems never to have started, is not believed', async () => {
    expect(await lostLast()).toMatchObject({ isBack: true, verdict: 'outcome_unknown', runs: ['killed'], left: [] });
  }, 120_000);

  it('and loses all that we wrote leaves an unknown outcome', async () => {
    expect(await lostAll()).toMatchObject({ verdict: 'outcome_unknown', runs: ['killed'], left: [] });
  }, 120_000);

  it('before it obeys leaves an unknown outcome: nobody can tell', async () => {
    expect(await beforeTheStart()).toMatchObject({ verdict: 'outcome_unknown', runs: [], left: [] });
  }, 120_000);

  it('after the script has ended well has completed it', async () => {
    expect(await afterTheEnd()).toMatchObject({ verdict: 'completed', runs: ['completed'], left: [] });
  }, 120_000);
});

describe('a script that takes too long', () => {
  it.each([
    ['where the scripts of a job are listed', listed],
    ['where only the command is', unnamed],
    ['on RouterOS 6', old],
  ])(
    'is stopped, and its job removed, %s',
    async (_, ended) => {
      expect(await ended()).toEqual({
        verdict: 'timeout',
        message: 'the script was stopped after 2 s; the lines before are applied',
        runs: ['killed'],
        left: [],
      });
    },
    120_000,
  );
});
