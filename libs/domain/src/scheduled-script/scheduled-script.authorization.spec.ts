import { describe, expect, it } from '@jest/globals';
import { fact, fold } from '../decider.js';
import { given as givenOf } from '../testing/given.js';
import { approver, author, command, launchAt, minute, past, pastOf, recipients } from '../testing/scripts.js';
import { addMillis } from '../timestamp.js';
import { scheduledScriptDecider } from './scheduled-script.decider.js';
import type { ScheduledScriptEvent } from './scheduled-script.events.js';
import { mostOpenRequests } from './scheduled-script.state.js';

const given = (...events: readonly ScheduledScriptEvent[]) => givenOf(scheduledScriptDecider, ...events);

const requested = (at = minute(40), version = 1, changes: Partial<typeof recipients> = {}) =>
  fact(
    'scheduled-script.authorization-requested.v1',
    { at, by: author },
    { authorizationId: 'request-2', version, ...recipients, ...changes },
  );

const authorized = (authorizationId: string | null, version = 1, by = approver) =>
  fact('scheduled-script.authorized.v1', { at: minute(40), by }, { version, authorizationId });

describe('request-authorization', () => {
  it('names the request, the version and whom it concerns, and leaves the decision alone', () => {
    given(...pastOf.unauthorized)
      .when(command.requestAuthorization())
      .decides(requested())
      .leaving({
        status: 'unauthorized',
        version: 1,
        updatedAt: minute(0),
        authorizationRequests: [{ authorizationId: 'request-2', at: minute(40), approvers: [approver] }],
      });
  });

  it('sends nothing new within a minute, for the same version', () => {
    const justBefore = addMillis(minute(11), -1);
    given(past.created(), past.authorizationRequested())
      .when(command.requestAuthorization({ at: justBefore }))
      .decidesNothing();
    given(past.created(), past.authorizationRequested())
      .when(command.requestAuthorization({ at: minute(11) }))
      .decides(requested(minute(11)));
  });

  it('sends again at once after a change', () => {
    const revised = past.revised();
    given(past.created(), past.authorizationRequested(), revised)
      .when(command.requestAuthorization({ at: minute(10) }))
      .decides(requested(minute(10), 2));
  });

  it('gives no author a link', () => {
    given(past.created(), past.revised('auth0|colleague'))
      .when(command.requestAuthorization({ recipients: { ...recipients, approvers: [author, approver, 'auth0|colleague'] } }))
      .decides(requested(minute(40), 2, { informed: [...recipients.informed, author, 'auth0|colleague'] }));
  });

  it('needs somebody who can approve', () => {
    for (const approvers of [[], [author]]) {
      given(...pastOf.unauthorized)
        .when(command.requestAuthorization({ recipients: { ...recipients, approvers } }))
        .refuses({ code: 'no_approver' });
    }
  });

  it('needs a script that is unauthorized and still to be launched', () => {
    const nobody = { recipients: { ...recipients, approvers: [] } };
    given(...pastOf.scheduled)
      .when(command.requestAuthorization(nobody))
      .refuses({ code: 'not_authorizable', status: 'scheduled' });
    given(...pastOf.launched)
      .when(command.requestAuthorization(nobody))
      .refuses({ code: 'script_already_launched' });
    given(...pastOf.cancelled)
      .when(command.requestAuthorization(nobody))
      .refuses({ code: 'script_cancelled' });
    given(...pastOf.unauthorized)
      .when(command.requestAuthorization({ ...nobody, at: launchAt }))
      .refuses({ code: 'launch_time_passed' });
  });
});

describe('authorize', () => {
  it('schedules the script', () => {
    given(...pastOf.unauthorized)
      .when(command.authorize())
      .decides(authorized(null))
      .leaving({ status: 'scheduled', version: 2, authorizedAt: minute(40), updatedAt: minute(40) });
  });

  it('is not for whoever created or revised it', () => {
    for (const by of [author, 'auth0|colleague']) {
      given(past.created(), past.revised('auth0|colleague'))
        .when(command.authorize({ by }))
        .refuses({ code: 'self_authorization_forbidden' });
    }
  });

  it('is for authors too where configuration allows it', () => {
    given(...pastOf.unauthorized)
      .when(command.authorize({ by: author, allowSelfAuthorization: true }))
      .decides(authorized(null, 1, author));
  });

  it('needs a script that is unauthorized and still to be launched', () => {
    given(...pastOf.scheduled)
      .when(command.authorize())
      .refuses({ code: 'not_authorizable', status: 'scheduled' });
    given(...pastOf.launched)
      .when(command.authorize({ at: minute(70) }))
      .refuses({ code: 'script_already_launched' });
    given(...pastOf.cancelled)
      .when(command.authorize())
      .refuses({ code: 'script_cancelled' });
    given(...pastOf.unauthorized)
      .when(command.authorize({ at: launchAt }))
      .refuses({ code: 'launch_time_passed' });
  });
});

describe('authorize by a link', () => {
  const refusal = { code: 'not_authorizable', status: 'unauthorized' } as const;

  it('takes the link of a request', () => {
    given(past.created(), past.authorizationRequested('request-1'))
      .when(command.authorize({ authorizationId: 'request-1' }))
      .decides(authorized('request-1'))
      .leaving({ status: 'scheduled', authorizationRequests: [] });
  });

  it('takes no link without a request', () => {
    given(past.created())
      .when(command.authorize({ authorizationId: 'request-1' }))
      .refuses(refusal);
  });

  it.each(['request-1', 'request-2', 'request-3'])('takes the link of each request for the version that stands: %s', (authorizationId) => {
    const requests = ['request-1', 'request-2', 'request-3'].map((id) => past.authorizationRequested(id));
    given(past.created(), ...requests)
      .when(command.authorize({ authorizationId }))
      .decides(authorized(authorizationId))
      .leaving({ status: 'scheduled', authorizationRequests: [] });
  });

  it('takes none but those of the newest requests, where they are very many', () => {
    const requests = Array.from({ length: mostOpenRequests + 1 }, (_, number) => past.authorizationRequested(`request-${number}`));
    given(past.created(), ...requests)
      .when(command.authorize({ authorizationId: 'request-0' }))
      .refuses(refusal);
    given(past.created(), ...requests)
      .when(command.authorize({ authorizationId: 'request-1' }))
      .decides(authorized('request-1'));
  });

  it('takes no link that a change has made void', () => {
    given(past.created(), past.authorizationRequested('request-1'), past.revised())
      .when(command.authorize({ authorizationId: 'request-1' }))
      .refuses(refusal);
  });

  it('takes it from those who got one only', () => {
    given(past.created(), past.authorizationRequested('request-1'))
      .when(command.authorize({ authorizationId: 'request-1', by: 'auth0|night-shift' }))
      .refuses(refusal);
    const toAnother = requested(minute(12), 1, { approvers: ['auth0|other-approver'] });
    given(past.created(), past.authorizationRequested('request-1'), toAnother)
      .when(command.authorize({ authorizationId: 'request-2' }))
      .refuses(refusal);
  });

  it('is used up by an approval, with every other', () => {
    const requests = [past.authorizationRequested('request-1'), past.authorizationRequested('request-2')];
    for (const authorizationId of ['request-1', 'request-2']) {
      given(past.created(), ...requests, past.authorized())
        .when(command.authorize({ authorizationId }))
        .refuses({ code: 'not_authorizable', status: 'scheduled' });
    }
    const state = fold(scheduledScriptDecider.evolve, null, [past.created(), ...requests, past.authorized()]);
    expect(state?.authorizationRequests).toEqual([]);
  });
});
