import { describe, expect, it } from '@jest/globals';
import { historyOf, order } from '../testing/executions.js';
import { issuedJournal, notReached, scriptTimeoutMillis, sight } from '../testing/observations.js';
import { minute } from '../testing/scripts.js';
import { fold } from '../decider.js';
import { type ExecutionJournal, journalOf } from './execution-journal.js';
import { freshMemory, type Memory, type NextStep, remember } from './next-step.js';
import { confirmAfterMillis, nextStep, triesBeforeGivingUp } from './procedure.js';
import type { Marker, Sighting } from './router-observation.js';
import { evolveSiteExecution } from './site-execution.evolve.js';

const open = issuedJournal;
const notIssued = { ...open, issued: null };
const closed = { at: order.windowEndsAt };
const outcome = (step: NextStep): string => (step.do === 'finish' ? (step.outcome === 'completed' ? 'completed' : step.reason) : step.do);

/** What comes of the same sight again, ten seconds later. */
const twice = (seen: Sighting, journal: ExecutionJournal = open, memory: Memory = freshMemory): NextStep => {
  const first = nextStep(seen, journal, memory);
  expect(first).toMatchObject({ do: 'confirm', afterMillis: confirmAfterMillis });
  const later = { sinceIssueMillis: seen.sinceIssueMillis + confirmAfterMillis, uptimeSeconds: seen.uptimeSeconds + 10 };
  return nextStep({ ...seen, ...later }, journal, remember(memory, first));
};

type Look = readonly [Sighting['ticket'], Marker, Sighting['job']];
const look = ([ticket, marker, job]: Look, more: Partial<Sighting> = {}): Sighting => sight({ ticket, marker, job, ...more });
const rebooted = { uptimeSeconds: 20 };

describe('before the issue', () => {
  it('prepares, and removes first what lies there of ours', () => {
    expect(nextStep(sight({ ours: false, ticket: 'gone', marker: 'none' }), notIssued)).toEqual({ do: 'prepare', cleanUp: false });
    for (const ticket of ['present', 'renamed', 'gone'] as const) {
      for (const marker of ['none', 'prepared'] as const) {
        expect(nextStep(sight({ ticket, marker }), notIssued)).toEqual({ do: 'prepare', cleanUp: true });
      }
    }
  });

  it('waits for a router that is offline until the window closes', () => {
    expect(nextStep(notReached(), notIssued)).toEqual({ do: 'wait', for: 'router' });
    expect(nextStep(notReached({ ...closed, message: 'refused' }), notIssued)).toEqual({
      do: 'finish',
      outcome: 'failed',
      reason: 'unreachable',
      message: 'refused',
    });
  });

  it('does not wait where offline means abort', () => {
    expect(outcome(nextStep(notReached(), { ...notIssued, abortIfOffline: true }))).toBe('offline');
  });

  it.each(['login_failed', 'tls_untrusted', 'wrong_device', 'site_removed'] as const)('does not try %s again for hours', (why) => {
    expect(nextStep(notReached({ why, message: 'as it said' }), notIssued)).toEqual({
      do: 'finish',
      outcome: 'failed',
      reason: why,
      message: 'as it said',
    });
  });

  it('issues nothing once the window is closed', () => {
    expect(outcome(nextStep(sight(closed), notIssued))).toBe('not_started');
    expect(outcome(nextStep(sight({ ...closed, ours: false }), { ...notIssued, prepared: false }))).toBe('unreachable');
  });

  it('prepares nothing where a start has left a trace that the stream does not know of', () => {
    for (const marker of ['started', 'ok', { err: 'no such item' }] as const) {
      expect(outcome(nextStep(look(['gone', marker, 'none']), notIssued))).toBe('outcome_unknown');
    }
    expect(nextStep(look(['gone', 'prepared', 'present']), notIssued)).toEqual({ do: 'wait', for: 'script' });
    expect(outcome(nextStep(look(['gone', 'prepared', 'present'], closed), notIssued))).toBe('outcome_unknown');
  });
});

describe('after the issue, row by row', () => {
  it.each<Look>([
    ['present', 'prepared', 'present'],
    ['gone', 'prepared', 'present'],
    ['gone', 'started', 'present'],
  ])('%s, %s, job %s: it starts or runs', (...seen) => {
    expect(nextStep(look(seen), open)).toEqual({ do: 'wait', for: 'script' });
    expect(nextStep(look(seen, rebooted), open)).toEqual({ do: 'wait', for: 'script' });
  });

  it('present, prepared, no job, twice: withdrawn, then not started', () => {
    expect(twice(look(['present', 'prepared', 'none']))).toEqual({ do: 'withdraw-ticket' });
    expect(outcome(nextStep(look(['renamed', 'prepared', 'none']), open))).toBe('not_started');
  });

  it('renamed while the job that found no ticket still ends: waits for it', () => {
    expect(nextStep(look(['renamed', 'prepared', 'present']), open)).toEqual({ do: 'wait', for: 'script' });
  });

  it.each<Look>([
    ['gone', 'prepared', 'none'],
    ['gone', 'started', 'none'],
    ['gone', 'none', 'none'],
  ])('%s, %s, job %s, twice: nobody can tell', (...seen) => {
    expect(outcome(twice(look(seen)))).toBe('outcome_unknown');
  });

  it.each<Look>([
    ['present', 'prepared', 'none'],
    ['present', 'started', 'none'],
    ['gone', 'prepared', 'none'],
    ['gone', 'started', 'none'],
    ['renamed', 'prepared', 'none'],
    ['renamed', 'started', 'none'],
  ])('%s, %s, job %s after a reboot: nobody can tell, and it can no longer start', (...seen) => {
    const { ticket } = look(seen);
    const step = ticket === 'renamed' ? nextStep(look(seen, rebooted), open) : twice(look(seen, rebooted));
    expect(outcome(step)).toBe(ticket === 'present' ? 'withdraw-ticket' : 'outcome_unknown');
  });

  it('gone, ok: completed, whatever else', () => {
    for (const job of ['present', 'none'] as const) {
      expect(nextStep(look(['gone', 'ok', job], rebooted), open)).toEqual({ do: 'finish', outcome: 'completed' });
    }
  });

  it('gone, err: failed, in the words of the router', () => {
    expect(nextStep(look(['gone', { err: 'no such item' }, 'none']), open)).toEqual({
      do: 'finish',
      outcome: 'failed',
      reason: 'script_error',
      message: 'no such item (the lines before it are applied)',
    });
  });

  it('nothing of ours left: nobody can tell', () => {
    expect(outcome(nextStep(sight({ ours: false, ticket: 'gone', marker: 'none' }), open))).toBe('outcome_unknown');
  });

  it('not reached: waits until the window closes, then nobody can tell', () => {
    for (const why of ['offline', 'login_failed', 'tls_untrusted', 'wrong_device', 'site_removed'] as const) {
      expect(nextStep(notReached({ why }), { ...open, abortIfOffline: true })).toEqual({ do: 'wait', for: 'router' });
      expect(outcome(nextStep(notReached({ why, ...closed }), open))).toBe('outcome_unknown');
    }
  });

  it.each<Look>([
    ['present', 'ok', 'none'],
    ['present', { err: 'no such item' }, 'none'],
    ['present', 'started', 'none'],
  ])('%s, %j, job %s contradict each other: looks again, and in the end nobody can tell', (...seen) => {
    expect(outcome(twice(look(seen)))).toBe('withdraw-ticket');
    expect(outcome(nextStep({ ...look(seen), ticket: 'renamed' }, open))).toBe('outcome_unknown');
  });
});

describe('a second look', () => {
  const dead = look(['gone', 'started', 'none']);
  const after = (millis: number): Partial<Sighting> => ({ sinceIssueMillis: dead.sinceIssueMillis + millis, uptimeSeconds: 600 });
  const suspected = remember(freshMemory, nextStep(dead, open));

  it('counts from the first, however often we look', () => {
    const early = nextStep({ ...dead, ...after(4_000) }, open, suspected);
    expect(early).toMatchObject({ do: 'confirm', afterMillis: 6_000 });
    expect(outcome(nextStep({ ...dead, ...after(10_000) }, open, remember(suspected, early)))).toBe('outcome_unknown');
  });

  it('begins anew when something has changed, or when it was not dead in between', () => {
    const changed = nextStep({ ...dead, ...after(10_000), marker: 'prepared' }, open, suspected);
    expect(changed).toMatchObject({ do: 'confirm', afterMillis: confirmAfterMillis });
    const alive = nextStep({ ...dead, ...after(5_000), job: 'present' }, open, suspected);
    expect(nextStep({ ...dead, ...after(10_000) }, open, remember(suspected, alive))).toMatchObject({ do: 'confirm' });
    const lost = nextStep(notReached(), open, suspected);
    expect(nextStep({ ...dead, ...after(10_000) }, open, remember(suspected, lost))).toMatchObject({ do: 'confirm' });
  });
});

describe('longer than the script timeout', () => {
  const late = { sinceIssueMillis: scriptTimeoutMillis + 1, uptimeSeconds: 500 + scriptTimeoutMillis / 1_000 };
  const running = look(['gone', 'started', 'present'], late);
  const removed = remember(freshMemory, nextStep(running, open));

  it('removes the job, then fails', () => {
    expect(nextStep({ ...running, sinceIssueMillis: scriptTimeoutMillis }, open)).toEqual({ do: 'wait', for: 'script' });
    expect(nextStep(running, open)).toEqual({ do: 'remove-job' });
    expect(twice({ ...running, job: 'none' }, open, removed)).toMatchObject({
      reason: 'timeout',
      message: 'the script was stopped after 600 s; the lines before are applied',
    });
  });

  it('believes the marker when the script ended just before', () => {
    expect(outcome(nextStep({ ...running, job: 'none', marker: 'ok' }, open, removed))).toBe('completed');
    expect(outcome(nextStep({ ...running, job: 'none', marker: { err: 'x' } }, open, removed))).toBe('script_error');
  });

  it('says nothing of a timeout after a reboot, nor where the removal is not remembered', () => {
    expect(outcome(twice({ ...running, ...rebooted, job: 'none' }, open, removed))).toBe('outcome_unknown');
    expect(outcome(twice({ ...running, job: 'none' }))).toBe('outcome_unknown');
  });

  it('withdraws what never took its ticket', () => {
    expect(outcome(twice({ ...look(['present', 'prepared', 'none']), ...late }, open, removed))).toBe('withdraw-ticket');
  });
});

describe('a router that refuses', () => {
  it('to let go of the job: nobody can tell, after ten tries', () => {
    const running = look(['gone', 'started', 'present'], { sinceIssueMillis: scriptTimeoutMillis + 1 });
    const memory = { ...freshMemory, removals: triesBeforeGivingUp - 1 };
    const last = nextStep(running, open, memory);
    expect(last).toEqual({ do: 'remove-job' });
    expect(outcome(nextStep(running, open, remember(memory, last)))).toBe('outcome_unknown');
  });

  it('to let go of the ticket: nobody can tell, after ten tries', () => {
    const seen = look(['present', 'prepared', 'none']);
    expect(outcome(twice(seen, open, { ...freshMemory, withdrawals: triesBeforeGivingUp - 1 }))).toBe('withdraw-ticket');
    expect(outcome(twice(seen, open, { ...freshMemory, withdrawals: triesBeforeGivingUp }))).toBe('outcome_unknown');
  });
});

const withdrawnAfter = (seconds: number, uptimeSeconds: number) =>
  nextStep(sight({ ticket: 'renamed', sinceIssueMillis: seconds * 1_000, uptimeSeconds }), open);

describe('a reboot', () => {
  it('is an uptime that has not grown with our clock, but for its rounding', () => {
    expect(outcome(withdrawnAfter(100, 600))).toBe('not_started');
    expect(outcome(withdrawnAfter(100, 595))).toBe('not_started');
    expect(outcome(withdrawnAfter(100, 594))).toBe('outcome_unknown');
    expect(outcome(withdrawnAfter(3_600, 3_000))).toBe('outcome_unknown');
  });

  it('is seen even where the clock of a new owner lies behind', () => {
    expect(outcome(withdrawnAfter(-300, 494))).toBe('outcome_unknown');
  });
});

describe('after the end', () => {
  it('removes what is left, once no job needs it', () => {
    const known = { ...open, outcome: 'known' } as const;
    expect(nextStep(sight(), known)).toEqual({ do: 'clean-up' });
    expect(nextStep(sight({ ours: false }), known)).toEqual({ do: 'leave' });
    expect(nextStep(notReached(), known)).toEqual({ do: 'leave' });
    expect(nextStep(sight({ job: 'present' }), known)).toEqual({ do: 'wait', for: 'script' });
    const late = sight({ job: 'present', sinceIssueMillis: scriptTimeoutMillis + 1 });
    expect(nextStep(late, known)).toEqual({ do: 'remove-job' });
    expect(nextStep(late, known, { ...freshMemory, removals: triesBeforeGivingUp })).toEqual({ do: 'leave' });
  });

  it('looks for the truth about an unknown outcome for as long as it takes', () => {
    const unknown = { ...open, outcome: 'unknown' } as const;
    expect(nextStep(notReached({ at: minute(9_000) }), unknown)).toEqual({ do: 'wait', for: 'router' });
    expect(outcome(nextStep(look(['gone', 'ok', 'none'], { at: minute(9_000) }), unknown))).toBe('completed');
    expect(outcome(nextStep(look(['gone', 'ok', 'none']), { ...unknown, issued: null }))).toBe('completed');
    expect(outcome(nextStep(look(['present', 'prepared', 'none']), { ...unknown, issued: null }))).toBe('outcome_unknown');
  });
});

const journalAfter = (events: (typeof historyOf)[keyof typeof historyOf]) => {
  const execution = fold(evolveSiteExecution, null, events);
  return execution && journalOf(execution, scriptTimeoutMillis);
};

it('reads its journal from the folded stream', () => {
  expect(journalAfter(historyOf.issued)).toEqual(issuedJournal);
  expect(journalAfter(historyOf.claimed)).toEqual({ ...issuedJournal, prepared: false, issued: null });
  expect(journalAfter(historyOf.unknown)?.outcome).toBe('unknown');
  for (const phase of ['completed', 'failed', 'aborted'] as const) expect(journalAfter(historyOf[phase])?.outcome).toBe('known');
});
