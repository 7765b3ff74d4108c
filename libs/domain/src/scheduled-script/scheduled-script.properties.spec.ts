import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Change, changesBy, ofType } from '../testing/changes.js';
import { approver, author, command, graceMillis, minute, plan, recipients } from '../testing/scripts.js';
import { addMillis, laterOf } from '../timestamp.js';
import type { ScheduledScriptCommand } from './scheduled-script.commands.js';
import { scheduledScriptDecider } from './scheduled-script.decider.js';
import { decisiveEventTypes, type ScheduledScriptEvent } from './scheduled-script.events.js';
import type { ScheduledScript, ScheduledScriptState, ScriptStatus } from './scheduled-script.state.js';

type Changes = readonly Change<ScheduledScriptState, ScheduledScriptEvent, ScheduledScriptCommand>[];

// Clocks of different services: time may even step back. The instants lie around launches at minutes 60 and 90.
const at = fc.constantFrom(10, 11, 40, 59, 60, 61, 75, 76, 90, 105, 106).map(minute);
const by = fc.constantFrom(author, approver, 'auth0|colleague');
const ifVersions = fc.option(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }), { nil: undefined, freq: 3 });
const authorizationId = fc.constantFrom('request-1', 'request-2');
const launchAt = fc.constantFrom(minute(60), minute(90), undefined);
const who = { at, by, ifVersions };

const anyCommand: fc.Arbitrary<ScheduledScriptCommand> = fc.oneof(
  fc.record({ at, by }).map(command.create),
  fc.record({ ...who, launch: launchAt }).map(({ launch, ...given }) => command.revise({ ...given, plan: { ...plan, launchAt: launch } })),
  { arbitrary: fc.record({ ...who, authorizationId }).map((given) => command.requestAuthorization({ ...given, recipients })), weight: 2 },
  { arbitrary: fc.record({ ...who, authorizationId: fc.option(authorizationId) }).map(command.authorize), weight: 8 },
  fc.record(who).map(command.cancel),
  { arbitrary: fc.record({ at }).map(command.launchOnSchedule), weight: 4 },
  fc.record(who).map(command.launchByHand),
  fc.record(who).map(command.requestTest),
  { arbitrary: fc.record(who).map(command.abortRollout), weight: 2 },
  fc.record({ at, completed: fc.integer({ min: 1, max: 2 }) }).map(command.completeRollout),
);

/** Begins with a script, so that short sequences get somewhere. */
const anyHistory = fc
  .array(anyCommand, { maxLength: 25, size: 'max' })
  .map((commands) => changesBy(scheduledScriptDecider, [command.create(), ...commands]));

const always = (holds: (changes: Changes) => void) => {
  fc.assert(fc.property(anyHistory, holds), { numRuns: 200 });
};

const arrows: Readonly<Record<ScriptStatus, readonly ScriptStatus[]>> = {
  unauthorized: ['unauthorized', 'scheduled', 'cancelled'],
  scheduled: ['scheduled', 'unauthorized', 'launched', 'cancelled'],
  launched: ['launched'],
  cancelled: ['cancelled'],
};

const isDecisive = ({ type }: ScheduledScriptEvent): boolean => decisiveEventTypes.some((decisive) => decisive === type);

/** The requests whose links are good for that user. */
const idsOpenTo = (user: string, script: ScheduledScriptState): readonly string[] =>
  (script?.authorizationRequests ?? []).filter(({ approvers }) => approvers.includes(user)).map(({ authorizationId: id }) => id);

/** What is wrong with a state, in words. */
const illsOf = (script: ScheduledScript): readonly string[] => {
  const { status } = script;
  const ills: Readonly<Record<string, boolean>> = {
    'approved while unauthorized': status === 'unauthorized' && script.authorizedAt !== null,
    'not approved': (status === 'scheduled' || status === 'launched') && script.authorizedAt === null,
    'cancelled without a time, or the other way round': (script.cancelledAt !== null) !== (status === 'cancelled'),
    'launched without a time, or the other way round': (script.launchedAt !== null) !== (status === 'launched'),
    'launched without a window, or the other way round': (script.windowEndsAt !== null) !== (status === 'launched'),
    'an open request for what is decided': script.authorizationRequests.length > 0 && status !== 'unauthorized',
    'a rollout without a launch': status !== 'launched' && (script.rolloutAborted || script.rolloutCompleted),
    'a completion without a result, or the other way round': script.rolloutCompleted !== (script.rolloutResult !== null),
    'a creator who is no author': script.authors[0] !== script.createdBy,
    'an author twice': new Set(script.authors).size !== script.authors.length,
  };
  return Object.keys(ills).filter((ill) => ills[ill]);
};

describe('whatever is asked in whatever order', () => {
  it('leaves a legal state', () => {
    always((changes) => {
      for (const { after } of changes) expect(after === null ? ['no script'] : illsOf(after)).toEqual([]);
    });
  });

  it('moves the status along the arrows of the contract only', () => {
    always((changes) => {
      for (const { before, after } of changes) {
        expect(before === null ? ['unauthorized'] : arrows[before.status]).toContain(after?.status);
      }
    });
  });

  it('records no time before one that is recorded, and none but that of the command otherwise', () => {
    always((changes) => {
      for (const {
        command: { at: asked },
        before,
        event,
        after,
      } of changes) {
        expect(event.at).toBe(laterOf(asked, before?.lastAt ?? asked));
        expect(after?.lastAt).toBe(event.at);
      }
    });
  });

  it('moves version and updatedAt exactly by what was decided', () => {
    always((changes) => {
      let version = 0;
      for (const { before, event, after } of changes) {
        version += isDecisive(event) ? 1 : 0;
        expect(after?.version).toBe(version);
        expect(after?.updatedAt).toBe(isDecisive(event) ? event.at : before?.updatedAt);
      }
    });
  });

  it('launches once at most, and only what is approved', () => {
    always((changes) => {
      const launches = ofType(changes, 'scheduled-script.launched.v1');
      expect(launches.length).toBeLessThanOrEqual(1);
      for (const { before } of launches) expect(before).toMatchObject({ status: 'scheduled', cancelledAt: null });
    });
  });

  it('launches by schedule neither early nor after the grace, and misses only after it', () => {
    always((changes) => {
      const launches = ofType(changes, 'scheduled-script.launched.v1').filter(({ event }) => event.data.trigger === 'schedule');
      for (const {
        command: { at: asked },
        before,
        event,
      } of launches) {
        expect(before !== null && before.launchAt <= asked && asked <= addMillis(before.launchAt, graceMillis)).toBe(true);
        expect(before !== null && before.launchAt <= event.at).toBe(true);
      }
      const misses = ofType(changes, 'scheduled-script.cancelled.v1').filter(({ event }) => event.data.reason === 'launch_missed');
      for (const {
        command: { at: asked },
        before,
      } of misses) {
        expect(before?.status === 'scheduled' && asked > addMillis(before.launchAt, graceMillis)).toBe(true);
      }
    });
  });

  it('is approved and launched by hand by no author', () => {
    always((changes) => {
      const launches = ofType(changes, 'scheduled-script.launched.v1').filter(({ event }) => event.data.trigger === 'hand');
      for (const { before, event } of [...ofType(changes, 'scheduled-script.authorized.v1'), ...launches]) {
        expect(before?.authors).not.toContain(event.by);
      }
    });
  });

  it('is approved in time, as the version that stands, by no void link', () => {
    always((changes) => {
      for (const {
        command: { at: asked },
        before,
        event,
      } of ofType(changes, 'scheduled-script.authorized.v1')) {
        expect(before !== null && asked < before.launchAt).toBe(true);
        expect(event.data.version).toBe(before?.version);
        expect([null, ...idsOpenTo(event.by, before)]).toContain(event.data.authorizationId);
      }
    });
  });

  it('keeps every link good that was asked for the version that stands, and no other', () => {
    always((changes) => {
      let open: readonly string[] = [];
      for (const { event, after } of changes) {
        if (isDecisive(event)) open = [];
        if (event.type === 'scheduled-script.authorization-requested.v1') open = [...open, event.data.authorizationId];
        expect(after?.authorizationRequests.map(({ authorizationId: id }) => id)).toEqual(open);
        if (after === null) continue;
        for (const id of ['request-1', 'request-2']) {
          const byLink = command.authorize({ at: addMillis(after.launchAt, -1), authorizationId: id, allowSelfAuthorization: true });
          expect(scheduledScriptDecider.decide(byLink, after).ok).toBe(open.includes(id));
        }
      }
    });
  });

  it('numbers tests without gaps, and completes a rollout once', () => {
    always((changes) => {
      const numbers = ofType(changes, 'scheduled-script.test-requested.v1').map(({ event }) => event.data.number);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      expect(ofType(changes, 'scheduled-script.rollout-completed.v1').length).toBeLessThanOrEqual(1);
      expect(ofType(changes, 'scheduled-script.rollout-aborted.v1').length).toBeLessThanOrEqual(1);
    });
  });
});

it('reaches every event by such sequences', () => {
  const seen = new Set(fc.sample(anyHistory, { numRuns: 500, seed: 1 }).flatMap((changes) => changes.map(({ event }) => event.type)));
  expect(seen.size).toBe(9);
});
