import { describe, expect, it } from '@jest/globals';
import { order } from '../testing/executions.js';
import { issuedJournal, notReached, scriptTimeoutMillis, sight } from '../testing/observations.js';
import { minute } from '../testing/scripts.js';
import type { ExecutionJournal } from './execution-journal.js';
import { startSaidBy } from './failure-reason.js';
import { freshMemory, type Memory, type NextStep, remember } from './next-step.js';
import { nextStep, triesBeforeGivingUp } from './procedure.js';
import { kindOf, type Marker, type RouterObservation, type Sighting } from './router-observation.js';

const issuedUptime = 500;
const rebootedUptime = 20;
const tickets = ['present', 'renamed', 'gone'] as const;
const markers: readonly Marker[] = ['none', 'prepared', 'started', 'ok', { err: 'no such item' }];
const times = [minute(65), order.windowEndsAt];

const everySighting = (): readonly Sighting[] =>
  tickets.flatMap((ticket) =>
    markers.flatMap((marker) =>
      (['present', 'none'] as const).flatMap((job) =>
        [true, false].flatMap((ours) =>
          times.flatMap((at) =>
            [0, 120_000, scriptTimeoutMillis + 1].flatMap((sinceIssueMillis) =>
              [rebootedUptime, issuedUptime + sinceIssueMillis / 1_000].map((uptimeSeconds) =>
                sight({ ticket, marker, job, ours, at, sinceIssueMillis, uptimeSeconds }),
              ),
            ),
          ),
        ),
      ),
    ),
  );

const everyMiss = (): readonly RouterObservation[] =>
  (['offline', 'login_failed', 'tls_untrusted', 'wrong_device', 'site_removed'] as const).flatMap((why) =>
    times.map((at) => notReached({ why, at })),
  );

const everyJournal = (): readonly ExecutionJournal[] =>
  (['open', 'unknown', 'known'] as const).flatMap((outcome) =>
    [true, false].flatMap((abortIfOffline) => [
      { ...issuedJournal, outcome, abortIfOffline },
      { ...issuedJournal, outcome, abortIfOffline, issued: null },
      { ...issuedJournal, outcome, abortIfOffline, issued: null, prepared: false },
    ]),
  );

const everyMemory = (): readonly Memory[] =>
  [null, ...tickets.map((ticket) => ({ ticket, marker: 'started', sinceMillis: 0 }) as const)].flatMap((suspicion) =>
    [0, 1, triesBeforeGivingUp].flatMap((removals) =>
      [0, triesBeforeGivingUp].map((withdrawals) => ({ suspicion, removals, withdrawals })),
    ),
  );

interface Case {
  readonly seen: RouterObservation;
  readonly journal: ExecutionJournal;
  readonly memory: Memory;
  readonly step: NextStep;
}

const cases: readonly Case[] = [...everySighting(), ...everyMiss()].flatMap((seen) =>
  everyJournal().flatMap((journal) => everyMemory().map((memory) => ({ seen, journal, memory, step: nextStep(seen, journal, memory) }))),
);

/** The first that breaks the rule, for the message of a failure; undefined if the rule holds. */
const exception = (rule: (one: Case) => boolean): Case | undefined => cases.find((one) => !rule(one));

const isLive = ({ journal }: Case): boolean => journal.outcome === 'unknown' || (journal.outcome === 'open' && journal.issued !== null);
const isStarted = (marker: Marker): boolean => marker !== 'none' && marker !== 'prepared';

const isUntouched = ({ seen, journal }: Case): boolean =>
  journal.issued === null &&
  journal.outcome === 'open' &&
  seen.reached &&
  seen.job === 'none' &&
  !isStarted(seen.marker) &&
  seen.at < journal.windowEndsAt;

const isMarked = (one: Case, end: 'ok' | 'err'): boolean =>
  isLive(one) && one.seen.reached && one.seen.ticket === 'gone' && kindOf(one.seen.marker) === end;

const isRunning = (one: Case): boolean => one.seen.reached && one.seen.job === 'present' && !isMarked(one, 'ok') && !isMarked(one, 'err');

const isOnOffer = ({ seen, journal }: Case): boolean =>
  journal.issued !== null && seen.reached && seen.ours && seen.job === 'none' && seen.ticket === 'present';

const isWithdrawn = ({ seen }: Case): boolean =>
  seen.reached && seen.ticket === 'renamed' && seen.job === 'none' && seen.uptimeSeconds >= issuedUptime && !isStarted(seen.marker);

const ends = ({ step }: Case, ...outcomes: readonly string[]): boolean =>
  step.do === 'finish' && (outcomes.length === 0 || outcomes.includes(step.outcome === 'failed' ? step.reason : step.outcome));

/** Does the decider take it, while the execution is open? */
const isAccepted = ({ step, journal }: Case): boolean => {
  if (step.do !== 'finish' || journal.outcome !== 'open') return true;
  if (step.outcome === 'completed') return journal.issued !== null;
  return startSaidBy(step.reason) !== (journal.issued === null ? 'issued' : 'never issued');
};

describe('in every combination of what can be seen, journaled and remembered', () => {
  it('prepares exactly what was never issued, is open, and shows no trace of a start', () => {
    expect(exception((one) => (one.step.do === 'prepare') === isUntouched(one))).toBeUndefined();
  });

  it('completes, or fails by an error, exactly by the mark of a wrapper that took its ticket', () => {
    expect(exception((one) => ends(one, 'completed') === isMarked(one, 'ok'))).toBeUndefined();
    expect(exception((one) => ends(one, 'script_error') === isMarked(one, 'err'))).toBeUndefined();
  });

  it('does not end while a job is listed, unless it cannot be stopped', () => {
    const ended = cases.filter((one) => isLive(one) && isRunning(one) && ends(one));
    expect(ended.find((one) => !ends(one, 'outcome_unknown') || one.memory.removals < triesBeforeGivingUp)).toBeUndefined();
  });

  it('does not end while the ticket lies there to be taken, unless it cannot be withdrawn', () => {
    const ended = cases.filter((one) => isOnOffer(one) && ends(one));
    expect(ended.find((one) => !ends(one, 'outcome_unknown') || one.memory.withdrawals < triesBeforeGivingUp)).toBeUndefined();
  });

  it('says that nothing ran only where nothing was issued, or the ticket was withdrawn without a reboot', () => {
    const nothingRan = ['offline', 'unreachable', 'login_failed', 'tls_untrusted', 'wrong_device', 'site_removed', 'not_started'];
    expect(exception((one) => !ends(one, ...nothingRan) || one.journal.issued === null || isWithdrawn(one))).toBeUndefined();
  });

  it('says nothing that the decider refuses', () => {
    expect(exception(isAccepted)).toBeUndefined();
  });

  it('only tidies up after a known end', () => {
    const tidy: readonly NextStep['do'][] = ['clean-up', 'leave', 'wait', 'remove-job'];
    expect(exception(({ journal, step }) => journal.outcome !== 'known' || tidy.includes(step.do))).toBeUndefined();
  });
});

it('settles, in the end, a router that stays as it is, whatever it shows', () => {
  for (const first of everySighting().filter((seen) => seen.sinceIssueMillis === 0)) {
    let memory = freshMemory;
    let step: NextStep = { do: 'wait', for: 'script' };
    for (let look = 0; look < 1_000 && step.do !== 'finish'; look += 1) {
      const later = { sinceIssueMillis: look * 5_000, uptimeSeconds: first.uptimeSeconds + look * 5 };
      step = nextStep({ ...first, ...later }, issuedJournal, memory);
      memory = remember(memory, step);
    }
    expect(step.do).toBe('finish');
  }
});
