import { describe, expect, it } from '@jest/globals';
import { issuedJournal, look, notReached, outcome, scriptTimeoutMillis, sight, twice } from '../testing/observations.js';
import { minute } from '../testing/scripts.js';
import { freshMemory, remember } from './next-step.js';
import { confirmAfterMillis, nextStep, triesBeforeGivingUp } from './procedure.js';
import type { Sighting } from './router-observation.js';

const open = issuedJournal;
const rebooted = { uptimeSeconds: 20 };

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
