import { describe, expect, it } from '@jest/globals';
import { fact, fold } from '../decider.js';
import { backup, command, happened, historyOf, order, other, owner, ref } from '../testing/executions.js';
import { given as givenOf } from '../testing/given.js';
import { minute } from '../testing/scripts.js';
import { addMillis } from '../timestamp.js';
import { type FailureReason, failureReasons, startSaidBy } from './failure-reason.js';
import { siteExecutionDecider } from './site-execution.decider.js';
import type { SiteExecutionEvent } from './site-execution.events.js';

const given = (...events: readonly SiteExecutionEvent[]) => givenOf(siteExecutionDecider, ...events);
const now = { at: minute(65), by: owner };
const failed = (reason: FailureReason, message: string | null = null, by = owner) =>
  fact('site-execution.failed.v1', { at: minute(65), by }, { ...ref, reason, message });

const finished = ['completed', 'failed', 'unknown', 'aborted'] as const;
const open = ['requested', 'claimed', 'prepared', 'issued'] as const;

describe('request', () => {
  it('begins an execution', () => {
    given()
      .when(command.request())
      .decides(happened.requested())
      .leaving({ ...order, phase: 'requested', owner: null, prepared: false, issued: null, failure: null, finishedAt: null });
  });

  it('is asking once, however often and however late', () => {
    for (const history of Object.values(historyOf).slice(1)) {
      given(...history)
        .when(command.request())
        .decidesNothing();
    }
  });

  it.each([
    { scriptId: 'script-2' },
    { siteId: 'site_0000000000000002' },
    { kind: 'test' },
    { scriptVersion: 4 },
    { scriptSha256: 'c'.repeat(64) },
    { organizationId: 'org_2' },
    { windowEndsAt: minute(181) },
    { makeBackup: true },
    { abortIfOffline: true },
  ] as const)('refuses another order under the same id: %j', (changes) => {
    given(...historyOf.requested)
      .when(command.request(changes))
      .refuses({ code: 'execution_order_differs' });
  });
});

describe('claim', () => {
  it('makes an owner, and a new one of what is not finished', () => {
    given(...historyOf.requested)
      .when(command.claim())
      .decides(fact('site-execution.claimed.v1', now, { ...ref, owner }))
      .leaving({ phase: 'claimed', owner });
    for (const phase of ['claimed', 'prepared', 'issued'] as const) {
      given(...historyOf[phase])
        .when(command.claim(other))
        .decides(fact('site-execution.claimed.v1', { at: minute(65), by: other }, { ...ref, owner: other }))
        .leaving({ phase, owner: other });
    }
  });

  it('keeps what the last owner did on the router', () => {
    given(...historyOf.requested, happened.claimed(), happened.prepared(backup), happened.issued())
      .when(command.claim(other))
      .decides(fact('site-execution.claimed.v1', { at: minute(65), by: other }, { ...ref, owner: other }))
      .leaving({ prepared: true, backup, issued: { at: minute(63), routerUptimeSeconds: 500 } });
  });

  it('says nothing new of the owner, and comes too late for what is finished', () => {
    given(...historyOf.issued)
      .when(command.claim())
      .decidesNothing();
    for (const phase of finished) {
      given(...historyOf[phase])
        .when(command.claim())
        .refuses({ code: 'execution_finished' });
    }
  });
});

describe('prepare', () => {
  it('says that our objects lie on the router', () => {
    given(...historyOf.claimed)
      .when(command.prepare({ backup }))
      .decides(fact('site-execution.prepared.v1', now, { ...ref, backup }))
      .leaving({ phase: 'prepared', prepared: true, backup });
  });

  it('is said again only with another backup', () => {
    const history = [...historyOf.claimed, happened.prepared(backup)];
    const later = { ...backup, takenAt: minute(64) };
    given(...history)
      .when(command.prepare({ backup }))
      .decidesNothing();
    given(...history)
      .when(command.prepare({ backup: null }))
      .decidesNothing();
    given(...history)
      .when(command.prepare({ backup: later }))
      .decides(fact('site-execution.prepared.v1', now, { ...ref, backup: later }));
  });

  it('needs the backup that was ordered', () => {
    given(happened.requested({ makeBackup: true }), happened.claimed())
      .when(command.prepare({ backup: null }))
      .refuses({ code: 'not_prepared' });
  });

  it('is over once issued', () => {
    given(...historyOf.issued)
      .when(command.prepare({ backup }))
      .refuses({ code: 'already_issued' });
  });
});

describe('issue', () => {
  it('notes the uptime of the router', () => {
    given(...historyOf.prepared)
      .when(command.issue())
      .decides(fact('site-execution.issued.v1', now, { ...ref, routerUptimeSeconds: 500 }))
      .leaving({ phase: 'issued', prepared: true, issued: { at: minute(65), routerUptimeSeconds: 500 } });
  });

  it('happens once, for whoever asks', () => {
    given(...historyOf.issued)
      .when(command.issue())
      .refuses({ code: 'already_issued' });
    given(...historyOf.issued, happened.claimed(other))
      .when(command.issue({ owner: other }))
      .refuses({ code: 'already_issued' });
  });

  it('is for the owner, and a former one is none', () => {
    given(...historyOf.prepared)
      .when(command.issue({ owner: other }))
      .refuses({ code: 'not_owner', owner });
    given(...historyOf.prepared, happened.claimed(other))
      .when(command.issue())
      .refuses({ code: 'not_owner', owner: other });
  });

  it('is for a new owner too, on what the last one prepared', () => {
    given(...historyOf.prepared, happened.claimed(other))
      .when(command.issue({ owner: other }))
      .decides(fact('site-execution.issued.v1', now, { ...ref, routerUptimeSeconds: 500 }));
  });

  it('needs the router to be prepared', () => {
    given(...historyOf.claimed)
      .when(command.issue())
      .refuses({ code: 'not_prepared' });
  });

  it('happens inside the window', () => {
    given(...historyOf.prepared)
      .when(command.issue({ at: addMillis(minute(180), -1) }))
      .decides(fact('site-execution.issued.v1', { at: addMillis(minute(180), -1), by: owner }, { ...ref, routerUptimeSeconds: 500 }));
    given(...historyOf.prepared)
      .when(command.issue({ at: minute(180) }))
      .refuses({ code: 'window_closed' });
  });
});

describe('complete', () => {
  it('ends what was issued', () => {
    given(...historyOf.issued)
      .when(command.complete())
      .decides(fact('site-execution.completed.v1', now, ref))
      .leaving({ phase: 'completed', failure: null, finishedAt: minute(65) });
  });

  it('ends nothing else', () => {
    for (const phase of ['claimed', 'prepared'] as const) {
      given(...historyOf[phase])
        .when(command.complete())
        .refuses({ code: 'not_issued' });
    }
  });
});

describe('fail', () => {
  it.each(failureReasons.map((reason) => [reason, startSaidBy(reason)] as const))('%s: the start was %s', (reason, said) => {
    const before = given(...historyOf.prepared).when(command.fail(reason, 'why'));
    const after = given(...historyOf.issued).when(command.fail(reason, 'why'));
    if (said === 'issued') before.refuses({ code: 'not_issued' });
    else before.decides(failed(reason, 'why')).leaving({ phase: 'failed', failure: { reason, message: 'why' }, finishedAt: minute(65) });
    if (said === 'never issued') after.refuses({ code: 'already_issued' });
    else after.decides(failed(reason, 'why')).leaving({ phase: 'failed', failure: { reason, message: 'why' }, finishedAt: minute(65) });
  });

  it('keeps a message clean and short', () => {
    given(...historyOf.issued)
      .when(command.fail('script_error', `a\u{0}b\n${'x'.repeat(1_000)}`))
      .decides(failed('script_error', `a b ${'x'.repeat(495)}…`));
  });
});

describe('what is for the owner', () => {
  const all = [command.prepare(), command.issue(), command.complete(), command.fail('not_started')];

  it.each(all.map((one) => [one.type, one] as const))('%s needs one', (_type, one) => {
    given(...historyOf.requested)
      .when(one)
      .refuses({ code: 'not_owner', owner: null });
    for (const phase of ['claimed', 'prepared', 'issued'] as const) {
      given(...historyOf[phase], happened.claimed(other))
        .when(one)
        .refuses({ code: 'not_owner', owner: other });
    }
  });

  it.each(all.map((one) => [one.type, one] as const))('%s is over at the end', (_type, one) => {
    for (const phase of finished) {
      given(...historyOf[phase])
        .when(one)
        .refuses({ code: 'execution_finished' });
    }
  });
});

describe('abort', () => {
  it('withdraws what was not issued, whoever owns it', () => {
    for (const phase of ['requested', 'claimed', 'prepared'] as const) {
      given(...historyOf[phase])
        .when(command.abort())
        .decides(failed('aborted', null, 'service:launcher'))
        .leaving({ phase: 'failed', failure: { reason: 'aborted', message: null } });
    }
  });

  it('comes too late after the issue, and has nothing to do after the end', () => {
    given(...historyOf.issued)
      .when(command.abort())
      .refuses({ code: 'already_issued' });
    for (const phase of finished) {
      given(...historyOf[phase])
        .when(command.abort())
        .decidesNothing();
    }
  });
});

describe('resolve', () => {
  it('turns an unknown outcome into what it was, and leaves its end in place', () => {
    given(...historyOf.unknown)
      .when(command.resolveCompleted())
      .decides(fact('site-execution.resolved.v1', now, { ...ref, outcome: 'completed' }))
      .leaving({ phase: 'completed', failure: null, finishedAt: minute(70) });
    const truth = { reason: 'script_error', message: 'no such item' } as const;
    given(...historyOf.unknown)
      .when(command.resolveFailed(truth.reason, truth.message))
      .decides(fact('site-execution.resolved.v1', now, { ...ref, outcome: 'failed', ...truth }))
      .leaving({ phase: 'failed', failure: truth, finishedAt: minute(70) });
  });

  it('learns nothing from not knowing', () => {
    given(...historyOf.unknown)
      .when(command.resolveFailed('outcome_unknown'))
      .decidesNothing();
  });

  it('happens once, and only to an unknown outcome', () => {
    const known = [...open, 'completed', 'failed', 'aborted'] as const;
    for (const history of [...known.map((phase) => historyOf[phase]), [...historyOf.unknown, happened.resolved()]]) {
      given(...history)
        .when(command.resolveCompleted())
        .refuses({ code: 'outcome_known' });
    }
  });
});

it('needs an execution for everything but a request', () => {
  const all = [command.claim(), command.prepare(), command.issue(), command.complete(), command.fail('offline')];
  for (const one of [...all, command.abort(), command.resolveCompleted()]) given().when(one).refuses({ code: 'execution_not_found' });
});

it('begins with its request, once', () => {
  const evolve = siteExecutionDecider.evolve;
  expect(fold(evolve, null, historyOf.completed.slice(1))).toBeNull();
  expect(fold(evolve, null, [...historyOf.issued, happened.requested({ kind: 'test' })])).toEqual(fold(evolve, null, historyOf.issued));
});
