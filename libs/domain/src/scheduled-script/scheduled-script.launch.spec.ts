import { describe, it } from '@jest/globals';
import { fact } from '../decider.js';
import { given as givenOf } from '../testing/given.js';
import { approver, author, command, failures, graceMillis, launcher, minute, past, pastOf } from '../testing/scripts.js';
import { addMillis, asTimestamp } from '../timestamp.js';
import { scheduledScriptDecider } from './scheduled-script.decider.js';
import type { ScheduledScriptEvent } from './scheduled-script.events.js';

const given = (...events: readonly ScheduledScriptEvent[]) => givenOf(scheduledScriptDecider, ...events);

const launched = (at = minute(60)) =>
  fact('scheduled-script.launched.v1', { at, by: launcher }, { trigger: 'schedule', windowEndsAt: addMillis(at, 120 * 60_000) });
const missed = (at = minute(60)) => fact('scheduled-script.cancelled.v1', { at, by: launcher }, { reason: 'launch_missed' });

describe('launch-on-schedule', () => {
  it('launches at the agreed instant and opens the window', () => {
    given(...pastOf.scheduled)
      .when(command.launchOnSchedule())
      .decides(launched())
      .leaving({ status: 'launched', launchedAt: minute(60), windowEndsAt: minute(180), version: 3, updatedAt: minute(60) });
  });

  it('is too early until then, to the microsecond', () => {
    const launchAt = asTimestamp('2026-03-01T13:00:00.000001Z');
    const past1 = [past.created({ launchAt }), past.authorized()];
    given(...past1)
      .when(command.launchOnSchedule({ at: asTimestamp('2026-03-01T13:00:00.000000Z') }))
      .refuses({ code: 'launch_too_early' });
    given(...past1)
      .when(command.launchOnSchedule({ at: launchAt }))
      .decides(launched(launchAt));
  });

  it('launches late up to the grace, and cancels after it', () => {
    const last = addMillis(minute(60), graceMillis);
    given(...pastOf.scheduled)
      .when(command.launchOnSchedule({ at: last }))
      .decides(launched(last));
    const tooLate = asTimestamp(last.replace('.000000Z', '.000001Z'));
    given(...pastOf.scheduled)
      .when(command.launchOnSchedule({ at: tooLate }))
      .decides(missed(tooLate))
      .leaving({ status: 'cancelled', cancelledAt: tooLate, launchedAt: null, authorizedAt: minute(20) });
  });

  it('has nothing to do once launched', () => {
    given(...pastOf.launched)
      .when(command.launchOnSchedule({ at: minute(500) }))
      .decidesNothing();
  });

  it('never launches what nobody approved, or what was cancelled', () => {
    for (const status of ['unauthorized', 'cancelled'] as const) {
      given(...pastOf[status])
        .when(command.launchOnSchedule())
        .refuses({ code: 'not_launchable', status });
    }
    given(...pastOf.scheduled, past.revised())
      .when(command.launchOnSchedule())
      .refuses({ code: 'not_launchable', status: 'unauthorized' });
  });
});

describe('launch-by-hand', () => {
  it('launches now, whatever the agreed instant, which stays', () => {
    given(...pastOf.scheduled)
      .when(command.launchByHand())
      .decides(fact('scheduled-script.launched.v1', { at: minute(40), by: approver }, { trigger: 'hand', windowEndsAt: minute(160) }))
      .leaving({ status: 'launched', launchAt: minute(60), launchedAt: minute(40), windowEndsAt: minute(160) });
  });

  it('is not for an author, unless configuration allows it', () => {
    given(...pastOf.scheduled)
      .when(command.launchByHand({ by: author }))
      .refuses({ code: 'self_authorization_forbidden' });
    given(...pastOf.scheduled)
      .when(command.launchByHand({ by: author, allowSelfAuthorization: true }))
      .decides(fact('scheduled-script.launched.v1', { at: minute(40), by: author }, { trigger: 'hand', windowEndsAt: minute(160) }));
  });

  it('needs a scheduled script', () => {
    given(...pastOf.unauthorized)
      .when(command.launchByHand())
      .refuses({ code: 'not_launchable', status: 'unauthorized' });
    given(...pastOf.cancelled)
      .when(command.launchByHand())
      .refuses({ code: 'script_cancelled' });
    given(...pastOf.launched)
      .when(command.launchByHand())
      .refuses({ code: 'script_already_launched' });
  });
});

describe('abort-rollout', () => {
  it('is recorded once', () => {
    given(...pastOf.launched)
      .when(command.abortRollout())
      .decides(fact('scheduled-script.rollout-aborted.v1', { at: minute(70), by: author }, {}))
      .leaving({ status: 'launched', rolloutAborted: true, version: 3 });
    given(...pastOf.launched, past.rolloutAborted())
      .when(command.abortRollout())
      .decidesNothing();
    given(...pastOf.launched, past.rolloutAborted(), past.rolloutCompleted())
      .when(command.abortRollout())
      .decidesNothing();
  });

  it('needs a rollout that is going on', () => {
    for (const status of ['unauthorized', 'scheduled', 'cancelled'] as const) {
      given(...pastOf[status])
        .when(command.abortRollout())
        .refuses({ code: 'not_abortable', status });
    }
    given(...pastOf.launched, past.rolloutCompleted())
      .when(command.abortRollout())
      .refuses({ code: 'not_abortable', status: 'completed' });
  });
});

describe('complete-rollout', () => {
  it('says how it ended and where not', () => {
    given(...pastOf.launched)
      .when(command.completeRollout())
      .decides(past.rolloutCompleted(1, failures))
      .leaving({ status: 'launched', version: 3, rolloutCompleted: true, rolloutResult: { completed: 1, failedSites: failures } });
  });

  it('is the same again in whatever order, and never another', () => {
    given(...pastOf.launched, past.rolloutCompleted())
      .when(command.completeRollout({ failedSites: failures.toReversed() }))
      .decidesNothing();
    for (const other of [{ completed: 2 }, { failedSites: failures.slice(1) }, { completed: 3, failedSites: [] }]) {
      given(...pastOf.launched, past.rolloutCompleted())
        .when(command.completeRollout(other))
        .refuses({ code: 'rollout_already_completed' });
    }
  });

  it('needs a launch', () => {
    for (const status of ['unauthorized', 'scheduled', 'cancelled'] as const) {
      given(...pastOf[status])
        .when(command.completeRollout())
        .refuses({ code: 'not_launchable', status });
    }
  });
});
