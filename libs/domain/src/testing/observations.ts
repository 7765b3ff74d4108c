import type { ExecutionJournal } from '../site-execution/execution-journal.js';
import type { NotReached, Sighting } from '../site-execution/router-observation.js';
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
