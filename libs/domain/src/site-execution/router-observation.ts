import type { Timestamp } from '../timestamp.js';

/**
 * What one look at a router shows of one execution. Read in this order: job list, ticket, marker, uptime; the other way round
 * a script that ends in between looks dead.
 */
export type RouterObservation = NotReached | Sighting;

/** No session with the right router. Only `offline` may pass by itself. */
export interface NotReached {
  readonly reached: false;
  readonly at: Timestamp;
  readonly why: 'offline' | 'login_failed' | 'tls_untrusted' | 'wrong_device' | 'site_removed';
  /** The words of whoever refused, for people to read. */
  readonly message: string | null;
}

export interface Sighting {
  readonly reached: true;
  readonly at: Timestamp;
  /** Does anything of this execution lie on the router: script, wrapper, ticket or marker? */
  readonly ours: boolean;
  /** The empty entry that the wrapper removes before anything else. `renamed`: withdrawn by us, so it can never start. */
  readonly ticket: 'present' | 'renamed' | 'gone';
  readonly marker: Marker;
  /** Is a job of this execution in the router's list? */
  readonly job: 'present' | 'none';
  readonly uptimeSeconds: number;
  /**
   * Since `issued` was journaled; 0 while it is not. By a monotonic clock as long as one process looks; one that took over
   * begins with the difference of the wall clocks and goes on monotonically.
   */
  readonly sinceIssueMillis: number;
}

/** What the wrapper has written down, `prepared` being what it found. `none`: there is no marker, or it cannot be read. */
export type Marker = 'none' | 'prepared' | 'started' | 'ok' | { readonly err: string };

export type MarkerKind = Extract<Marker, string> | 'err';

export const kindOf = (marker: Marker): MarkerKind => (typeof marker === 'string' ? marker : 'err');
