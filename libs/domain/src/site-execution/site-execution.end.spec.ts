import { describe, it } from '@jest/globals';
import { fact } from '../decider.js';
import { command, happened, historyOf, owner, ref } from '../testing/executions.js';
import { given as givenOf } from '../testing/given.js';
import { minute } from '../testing/scripts.js';
import { type FailureReason, failureReasons, startSaidBy } from './failure-reason.js';
import { siteExecutionDecider } from './site-execution.decider.js';
import type { SiteExecutionEvent } from './site-execution.events.js';

const given = (...events: readonly SiteExecutionEvent[]) => givenOf(siteExecutionDecider, ...events);
const now = { at: minute(65), by: owner };
const failed = (reason: FailureReason, message: string | null = null, by = owner) =>
  fact('site-execution.failed.v1', { at: minute(65), by }, { ...ref, reason, message });

const finished = ['completed', 'failed', 'unknown', 'aborted'] as const;
const open = ['requested', 'claimed', 'prepared', 'issued'] as const;

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

/** Resolved by a clock that is behind the one that ended it: recorded with the end, and not before it. */
const later = { ...now, at: minute(70) };

describe('resolve', () => {
  it('turns an unknown outcome into what it was, and leaves its end in place', () => {
    given(...historyOf.unknown)
      .when(command.resolveCompleted())
      .decides(fact('site-execution.resolved.v1', later, { ...ref, outcome: 'completed' }))
      .leaving({ phase: 'completed', failure: null, finishedAt: minute(70) });
    const truth = { reason: 'script_error', message: 'no such item' } as const;
    given(...historyOf.unknown)
      .when(command.resolveFailed(truth.reason, truth.message))
      .decides(fact('site-execution.resolved.v1', later, { ...ref, outcome: 'failed', ...truth }))
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
