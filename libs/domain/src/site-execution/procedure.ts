import type { ExecutionJournal } from './execution-journal.js';
import { scriptErrorMessage } from './failure-message.js';
import type { FailureReason } from './failure-reason.js';
import { freshMemory, type Memory, type NextStep } from './next-step.js';
import { kindOf, type RouterObservation, type Sighting } from './router-observation.js';

/** The job list is read first, so a script that starts while we look seems dead: that takes two equal looks this far apart. */
export const confirmAfterMillis = 10_000;

/** A router that refuses to let go of a job or a ticket so often is not asked again: nobody can tell how it ends. */
export const triesBeforeGivingUp = 10;

/** Uptime has whole seconds and its own quartz; a reboot takes longer than this. */
export const uptimeToleranceSeconds = 5;

/**
 * The verdict on one execution at one router, the same after a poll, a reconnect, a crash or a change of owner:
 *
 *     let memory = freshMemory;
 *     for (;;) {
 *       const step = nextStep(await look(), journalOf(execution, scriptTimeoutMillis), memory);
 *       memory = remember(memory, step);
 *       … do what it says …
 *     }
 *
 * Promises: never `prepare` once `issued` is journaled or a trace of a start was seen; never `completed` without the wrapper's `ok`;
 * never `finish` while a script that was issued may still run or start, unless the router cannot be reached until the window closes
 * or refuses to stop it.
 */
export const nextStep = (observation: RouterObservation, journal: ExecutionJournal, memory: Memory = freshMemory): NextStep => {
  if (journal.outcome === 'known') return afterTheEnd(observation, journal, memory);
  if (journal.outcome === 'open' && journal.issued === null) return beforeTheIssue(observation, journal);
  return afterTheIssue(observation, journal, memory);
};

const beforeTheIssue = (observation: RouterObservation, journal: ExecutionJournal): NextStep => {
  const closed = observation.at >= journal.windowEndsAt;
  if (!observation.reached) {
    if (observation.why !== 'offline') return failed(observation.why, observation.message);
    if (journal.abortIfOffline) return failed('offline', observation.message);
    return closed ? failed('unreachable', observation.message) : { do: 'wait', for: 'router' };
  }
  if (observation.job === 'present' && !closed) return { do: 'wait', for: 'script' };
  // The stream knows of no start and the router does, as after a restore of the store: at most once comes first.
  if (observation.job === 'present' || hasMarkedStart(observation)) return unknown(unrecordedStart);
  if (closed && journal.prepared) return failed('not_started', 'the execution window closed before the script was started');
  if (closed) return failed('unreachable', 'the router was reached only after the execution window had closed');
  return { do: 'prepare', cleanUp: observation.ours };
};

const afterTheIssue = (observation: RouterObservation, journal: ExecutionJournal, memory: Memory): NextStep => {
  if (!observation.reached) {
    const giveUp = journal.outcome === 'open' && observation.at >= journal.windowEndsAt;
    return giveUp ? unknown('the router could not be reached again before the execution window closed') : { do: 'wait', for: 'router' };
  }
  const { ticket, marker, job, ours } = observation;
  if (ticket === 'gone' && marker === 'ok') return { do: 'finish', outcome: 'completed' };
  if (ticket === 'gone' && typeof marker === 'object') return failed('script_error', scriptErrorMessage(marker.err));
  if (job === 'present') return runsOn(observation, journal, memory) ?? unknown('the router does not let the script be stopped');
  if (!ours) return unknown('nothing of the execution is left on the router');
  if (journal.issued === null) return unknown(unrecordedStart);
  const rebooted = hasRebooted(observation, journal.issued);
  if (ticket === 'renamed') return withdrawn(observation, rebooted);
  const doubt = doubtAbout(observation, memory);
  if (doubt !== null) return doubt;
  if (ticket === 'present') return withdraw(memory);
  if (rebooted) return unknown(rebootedMessage);
  if (memory.removals > 0) return failed('timeout', timeoutMessage(journal));
  if (marker === 'started') return unknown('the script ended without a word; some of its lines may be applied');
  return unknown('the script ended before it marked its start; probably nothing is applied');
};

const afterTheEnd = (observation: RouterObservation, journal: ExecutionJournal, memory: Memory): NextStep => {
  if (!observation.reached) return { do: 'leave' };
  if (observation.job === 'present') return runsOn(observation, journal, memory) ?? { do: 'leave' };
  return { do: observation.ours ? 'clean-up' : 'leave' };
};

/** `null` once the router has refused to remove the job too often. */
const runsOn = ({ sinceIssueMillis }: Sighting, { scriptTimeoutMillis }: ExecutionJournal, { removals }: Memory): NextStep | null => {
  if (sinceIssueMillis <= scriptTimeoutMillis) return { do: 'wait', for: 'script' };
  return removals < triesBeforeGivingUp ? { do: 'remove-job' } : null;
};

const withdraw = ({ withdrawals }: Memory): NextStep =>
  withdrawals < triesBeforeGivingUp ? { do: 'withdraw-ticket' } : unknown('the router does not let the script be withdrawn');

/** We took the ticket, so the wrapper never did, as long as the router has not rebooted and lost its last writes. */
const withdrawn = (sighting: Sighting, rebooted: boolean): NextStep => {
  if (rebooted) return unknown(rebootedMessage);
  if (hasMarkedStart(sighting)) return unknown('the router shows both a start and that there was none');
  return failed('not_started', 'the router did not start the script; it was withdrawn');
};

/** `null` once the same was seen for long enough. */
const doubtAbout = (sighting: Sighting, memory: Memory): NextStep | null => {
  const { ticket, sinceIssueMillis } = sighting;
  const marker = kindOf(sighting.marker);
  const before = memory.suspicion;
  const sinceMillis = before !== null && before.ticket === ticket && before.marker === marker ? before.sinceMillis : sinceIssueMillis;
  const afterMillis = sinceMillis + confirmAfterMillis - sinceIssueMillis;
  return afterMillis > 0 ? { do: 'confirm', afterMillis, suspicion: { ticket, marker, sinceMillis } } : null;
};

const hasMarkedStart = ({ marker }: Sighting): boolean => marker !== 'none' && marker !== 'prepared';

/** Since the issue, by the router's own uptime: no wall clock is compared. */
export const hasRebooted = (
  sighting: Pick<Sighting, 'uptimeSeconds' | 'sinceIssueMillis'>,
  issued: { readonly routerUptimeSeconds: number },
): boolean => {
  const elapsedSeconds = Math.max(0, sighting.sinceIssueMillis) / 1_000;
  return sighting.uptimeSeconds < issued.routerUptimeSeconds + elapsedSeconds - uptimeToleranceSeconds;
};

const rebootedMessage = 'the router rebooted after the script was issued';

const unrecordedStart = 'the router shows a start that is not recorded';

const timeoutMessage = ({ scriptTimeoutMillis }: ExecutionJournal): string =>
  `the script was stopped after ${Math.round(scriptTimeoutMillis / 1_000)} s; the lines before are applied`;

const failed = (reason: FailureReason, message: string | null): NextStep => ({ do: 'finish', outcome: 'failed', reason, message });

const unknown = (message: string): NextStep => failed('outcome_unknown', message);
