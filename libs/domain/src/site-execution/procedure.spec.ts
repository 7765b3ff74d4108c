import { describe, expect, it } from '@jest/globals';
import { order } from '../testing/executions.js';
import { issuedJournal, type Look, look, notReached, outcome, sight, twice } from '../testing/observations.js';
import { nextStep } from './procedure.js';

const open = issuedJournal;
const notIssued = { ...open, issued: null };
const closed = { at: order.windowEndsAt };
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
