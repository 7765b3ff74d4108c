import { describe, expect, it } from '@jest/globals';
import { fact, fold } from './decider.js';
import { scheduledScriptDecider } from './scheduled-script/scheduled-script.decider.js';
import { siteExecutionDecider } from './site-execution/site-execution.decider.js';
import { command as execution, happened, historyOf, order, ref } from './testing/executions.js';
import { given } from './testing/given.js';
import { author, command, launchAt, launcher, minute, past, pastOf, windowMillis } from './testing/scripts.js';
import { addMillis } from './timestamp.js';

/** By a clock that is ahead. */
const testedAt = (minutes: number) =>
  fact(
    'scheduled-script.test-requested.v1',
    { at: minute(minutes), by: author },
    { siteId: 'site_0000000000000009', number: 1, windowEndsAt: minute(minutes + 120) },
  );

describe('of one script', () => {
  it('nothing is recorded before what is recorded already, whether that moved the version or not', () => {
    given(scheduledScriptDecider, past.created(), testedAt(45))
      .when(command.cancel())
      .decides(fact('scheduled-script.cancelled.v1', { at: minute(45), by: author }, { reason: 'requested' }))
      .leaving({ cancelledAt: minute(45), updatedAt: minute(45), lastAt: minute(45) });
  });

  it('a launch that is due by its own clock is launched, and its window begins there', () => {
    const launch = { trigger: 'schedule', windowEndsAt: addMillis(launchAt, windowMillis) } as const;
    given(scheduledScriptDecider, ...pastOf.scheduled, testedAt(61))
      .when(command.launchOnSchedule())
      .decides(fact('scheduled-script.launched.v1', { at: minute(61), by: launcher }, launch));
  });

  it('a launch is early by its own clock, whatever is recorded', () => {
    given(scheduledScriptDecider, ...pastOf.scheduled, testedAt(61))
      .when(command.launchOnSchedule({ at: addMillis(launchAt, -1) }))
      .refuses({ code: 'launch_too_early' });
  });

  it('what is stored out of order is folded as it is, and mended from there on', () => {
    const state = fold(scheduledScriptDecider.evolve, null, [past.created(), testedAt(45), past.revised()]);
    expect(state).toMatchObject({ updatedAt: minute(5), lastAt: minute(45) });
    const decision = scheduledScriptDecider.decide(command.cancel({ at: minute(44) }), state);
    expect(decision).toMatchObject({ ok: true, events: [{ at: minute(45) }] });
  });
});

describe('of one execution', () => {
  it('nothing ends before it began', () => {
    const early = { ...execution.complete(), at: minute(62) };
    given(siteExecutionDecider, ...historyOf.issued)
      .when(early)
      .decides(fact('site-execution.completed.v1', { at: minute(63), by: early.by }, ref))
      .leaving({ issued: { at: minute(63), routerUptimeSeconds: 500 }, finishedAt: minute(63) });
  });

  it('nothing is issued once any clock has seen the end of the window', () => {
    const prepared = [happened.requested(), happened.claimed(), { ...happened.prepared(), at: order.windowEndsAt }];
    given(siteExecutionDecider, ...prepared)
      .when(execution.issue({ at: minute(179) }))
      .refuses({ code: 'window_closed' });
  });
});
