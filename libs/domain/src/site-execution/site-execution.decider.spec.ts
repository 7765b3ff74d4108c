import { describe, expect, it } from '@jest/globals';
import { fact, fold } from '../decider.js';
import { backup, command, happened, historyOf, order, other, owner, ref } from '../testing/executions.js';
import { given as givenOf } from '../testing/given.js';
import { minute } from '../testing/scripts.js';
import { addMillis } from '../timestamp.js';
import { siteExecutionDecider } from './site-execution.decider.js';
import type { SiteExecutionEvent } from './site-execution.events.js';

const given = (...events: readonly SiteExecutionEvent[]) => givenOf(siteExecutionDecider, ...events);
const now = { at: minute(65), by: owner };
const finished = ['completed', 'failed', 'unknown', 'aborted'] as const;

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

it('needs an execution for everything but a request', () => {
  const all = [command.claim(), command.prepare(), command.issue(), command.complete(), command.fail('offline')];
  for (const one of [...all, command.abort(), command.resolveCompleted()]) given().when(one).refuses({ code: 'execution_not_found' });
});

it('begins with its request, once', () => {
  const evolve = siteExecutionDecider.evolve;
  expect(fold(evolve, null, historyOf.completed.slice(1))).toBeNull();
  expect(fold(evolve, null, [...historyOf.issued, happened.requested({ kind: 'test' })])).toEqual(fold(evolve, null, historyOf.issued));
});
