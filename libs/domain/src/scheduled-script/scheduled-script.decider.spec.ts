import { describe, expect, it } from '@jest/globals';
import { fact, fold } from '../decider.js';
import { given as givenOf } from '../testing/given.js';
import { author, command, launchAt, minute, past, pastOf, plan, scriptId } from '../testing/scripts.js';
import { scheduledScriptDecider } from './scheduled-script.decider.js';
import type { ScheduledScriptEvent } from './scheduled-script.events.js';

const given = (...events: readonly ScheduledScriptEvent[]) => givenOf(scheduledScriptDecider, ...events);
const stateOf = (...events: readonly ScheduledScriptEvent[]) => fold(scheduledScriptDecider.evolve, null, events);

describe('create', () => {
  it('begins unauthorized, with version 1 and its author', () => {
    given()
      .when(command.create())
      .decides(past.created())
      .leaving({
        ...plan,
        id: scriptId,
        organizationId: 'org_1',
        status: 'unauthorized',
        version: 1,
        createdBy: author,
        authors: [author],
        authorizedAt: null,
        cancelledAt: null,
        launchedAt: null,
        createdAt: minute(0),
        updatedAt: minute(0),
      });
  });

  it('asks for a launch in the future', () => {
    given()
      .when(command.create({ at: launchAt }))
      .refuses({ code: 'launch_at_in_past' });
  });

  it.each(['unauthorized', 'scheduled', 'launched', 'cancelled'] as const)('refuses an id that is taken by one that is %s', (status) => {
    given(...pastOf[status])
      .when(command.create())
      .refuses({ code: 'script_already_exists' });
  });
});

describe('revise', () => {
  it('replaces the plan and moves the version', () => {
    const changes = {
      description: 'Later',
      launchAt: minute(90),
      sites: ['site_0000000000000007'],
      testSiteId: null,
      abortIfOffline: true,
    };
    given(...pastOf.unauthorized)
      .when(command.revise({ plan: { ...plan, ...changes } }))
      .decides(fact('scheduled-script.revised.v1', { at: minute(40), by: author }, { ...plan, ...changes }))
      .leaving({ ...changes, version: 2, updatedAt: minute(40), createdAt: minute(0), status: 'unauthorized' });
  });

  it('keeps what is not given', () => {
    const { launchAt: _launchAt, testSiteId: _testSiteId, abortIfOffline: _abortIfOffline, ...required } = plan;
    const standing = { launchAt: minute(70), testSiteId: 'site_0000000000000004', abortIfOffline: true };
    given(past.created(standing))
      .when(command.revise({ plan: { ...required, description: 'Later' } }))
      .decides(fact('scheduled-script.revised.v1', { at: minute(40), by: author }, { ...plan, ...standing, description: 'Later' }));
  });

  it('resets an approval and adds whoever revised it to the authors', () => {
    given(past.created(), past.authorizationRequested(), past.authorized())
      .when(command.revise({ by: 'auth0|colleague' }))
      .decides(fact('scheduled-script.revised.v1', { at: minute(40), by: 'auth0|colleague' }, plan))
      .leaving({
        status: 'unauthorized',
        authorizedAt: null,
        authorizationRequests: [],
        authors: [author, 'auth0|colleague'],
        version: 3,
      });
  });

  it('refuses a launch that is not in the future, given or kept', () => {
    given(...pastOf.unauthorized)
      .when(command.revise({ plan: { ...plan, launchAt: minute(40) } }))
      .refuses({ code: 'launch_at_in_past' });
    given(...pastOf.unauthorized)
      .when(command.revise({ at: minute(61), plan: { ...plan, launchAt: undefined } }))
      .refuses({ code: 'launch_at_in_past' });
  });

  it('is over after launch and cancel, whatever the plan', () => {
    const late = command.revise({ plan: { ...plan, launchAt: minute(1) } });
    given(...pastOf.launched)
      .when(late)
      .refuses({ code: 'script_already_launched' });
    given(...pastOf.cancelled)
      .when(late)
      .refuses({ code: 'script_cancelled' });
  });
});

describe('cancel', () => {
  it.each(['unauthorized', 'scheduled'] as const)('ends a script that is %s', (status) => {
    given(...pastOf[status])
      .when(command.cancel())
      .decides(fact('scheduled-script.cancelled.v1', { at: minute(40), by: author }, { reason: 'requested' }))
      .leaving({ status: 'cancelled', cancelledAt: minute(40), version: pastOf[status].length + 1, authorizationRequests: [] });
  });

  it('keeps when it was approved', () => {
    expect(stateOf(...pastOf.scheduled, past.cancelled())).toMatchObject({ status: 'cancelled', authorizedAt: minute(20) });
  });

  it('has nothing to do twice, and comes too late after launch', () => {
    given(...pastOf.cancelled)
      .when(command.cancel())
      .decidesNothing();
    given(...pastOf.launched)
      .when(command.cancel())
      .refuses({ code: 'script_already_launched' });
  });
});

const tested = (number: number) =>
  fact(
    'scheduled-script.test-requested.v1',
    { at: minute(40), by: author },
    { siteId: 'site_0000000000000009', number, windowEndsAt: minute(160) },
  );

describe('request-test', () => {
  it.each(['unauthorized', 'scheduled'] as const)('asks for a run on the test site while %s, and changes no decision', (status) => {
    const before = stateOf(...pastOf[status]);
    given(...pastOf[status])
      .when(command.requestTest())
      .decides(tested(1))
      .leaving({ ...before, testsRequested: 1, lastAt: minute(40) });
  });

  it('counts', () => {
    given(...pastOf.unauthorized, past.testRequested(1), past.testRequested(2))
      .when(command.requestTest())
      .decides(tested(3));
  });

  it('needs a test site, and a script that is not over', () => {
    given(past.created({ testSiteId: null }))
      .when(command.requestTest())
      .refuses({ code: 'no_test_site' });
    given(...pastOf.launched)
      .when(command.requestTest())
      .refuses({ code: 'script_already_launched' });
    given(past.created({ testSiteId: null }), past.cancelled())
      .when(command.requestTest())
      .refuses({ code: 'script_cancelled' });
  });
});

describe('every command but create', () => {
  const others = [
    command.revise(),
    command.requestAuthorization(),
    command.authorize(),
    command.cancel(),
    command.launchOnSchedule(),
    command.launchByHand(),
    command.requestTest(),
    command.abortRollout(),
    command.completeRollout(),
  ];
  it.each(others.map((other) => [other.type, other] as const))('%s needs a script', (_type, other) => {
    given().when(other).refuses({ code: 'script_not_found' });
  });

  const ofClients = [
    command.revise({ ifVersions: [7] }),
    command.requestAuthorization({ ifVersions: [7] }),
    command.authorize({ ifVersions: [7] }),
    command.cancel({ ifVersions: [7] }),
    command.launchByHand({ ifVersions: [7] }),
    command.requestTest({ ifVersions: [7] }),
    command.abortRollout({ ifVersions: [7] }),
  ];
  it.each(ofClients.map((stale) => [stale.type, stale] as const))('%s compares the version before its own rules', (_type, stale) => {
    for (const [status, version] of [
      ['unauthorized', 1],
      ['scheduled', 2],
      ['launched', 3],
      ['cancelled', 2],
    ] as const) {
      given(...pastOf[status])
        .when(stale)
        .refuses({ code: 'revision_mismatch', version });
    }
  });

  it('goes on when the version is the one that was seen', () => {
    given(...pastOf.scheduled)
      .when(command.cancel({ ifVersions: [9, 2] }))
      .decides(fact('scheduled-script.cancelled.v1', { at: minute(40), by: author }, { reason: 'requested' }));
  });

  it('looks at who asks before it looks at the version', () => {
    given(...pastOf.unauthorized)
      .when(command.authorize({ by: author, ifVersions: [7] }))
      .refuses({ code: 'self_authorization_forbidden' });
  });
});

describe('a history that tells of more than decisions', () => {
  it('moves neither version nor updatedAt by requests, tests, an abort or a completion', () => {
    const told = stateOf(past.created(), past.authorizationRequested(), past.testRequested());
    expect(told).toMatchObject({ version: 1, updatedAt: minute(0) });
    const ended = stateOf(...pastOf.launched, past.rolloutAborted(), past.rolloutCompleted());
    expect(ended).toMatchObject({ version: 3, updatedAt: minute(60), rolloutAborted: true, rolloutCompleted: true });
  });

  it('begins with its creation, once', () => {
    expect(stateOf(past.authorized(), past.launched())).toBeNull();
    expect(stateOf(...pastOf.scheduled, past.created({ description: 'another' }))).toEqual(stateOf(...pastOf.scheduled));
  });
});
