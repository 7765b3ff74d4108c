import { expect } from '@jest/globals';
import type { ExecutionJournal } from '../site-execution/execution-journal.js';
import { freshMemory, type Memory, type NextStep, remember } from '../site-execution/next-step.js';
import { confirmAfterMillis, nextStep } from '../site-execution/procedure.js';
import type { Marker, NotReached, Sighting } from '../site-execution/router-observation.js';
import { order } from './executions.js';
import { minute } from './scripts.js';

export const scriptTimeoutMillis = 600_000;

/** Issued at minute 63, with a router that had been up for 500 s. */
export const issuedJournal: ExecutionJournal = {
  prepared: true,
  issued: { at: minute(63), routerUptimeSeconds: 500 },
  outcome: 'open',
  windowEndsAt: order.windowEndsAt,
  abortIfOffline: false,
  scriptTimeoutMillis,
};

/** A router two minutes later, without a reboot, where nothing has begun. */
export const sight = (seen: Partial<Omit<Sighting, 'reached'>> = {}): Sighting => ({
  reached: true,
  at: minute(65),
  ours: true,
  ticket: 'present',
  marker: 'prepared',
  job: 'none',
  uptimeSeconds: 620,
  sinceIssueMillis: 120_000,
  ...seen,
});

export const notReached = (seen: Partial<Omit<NotReached, 'reached'>> = {}): NotReached => ({
  reached: false,
  at: minute(65),
  why: 'offline',
  message: null,
  ...seen,
});

/** A step in one word. */
export const outcome = (step: NextStep): string =>
  step.do === 'finish' ? (step.outcome === 'completed' ? 'completed' : step.reason) : step.do;

/** What comes of the same sight again, ten seconds later. */
export const twice = (seen: Sighting, journal: ExecutionJournal = issuedJournal, memory: Memory = freshMemory): NextStep => {
  const first = nextStep(seen, journal, memory);
  expect(first).toMatchObject({ do: 'confirm', afterMillis: confirmAfterMillis });
  const later = { sinceIssueMillis: seen.sinceIssueMillis + confirmAfterMillis, uptimeSeconds: seen.uptimeSeconds + 10 };
  return nextStep({ ...seen, ...later }, journal, remember(memory, first));
};

export type Look = readonly [Sighting['ticket'], Marker, Sighting['job']];
export const look = ([ticket, marker, job]: Look, more: Partial<Sighting> = {}): Sighting => sight({ ticket, marker, job, ...more });
