import type { FailureReason } from './failure-reason.js';
import type { MarkerKind, Sighting } from './router-observation.js';

/** What the driver does next. After every step but `finish` and `leave` it looks again and asks again. */
export type NextStep =
  /** Remove what lies there of ours (`cleanUp`), prepare, journal `prepared` and `issued`, issue. */
  | { readonly do: 'prepare'; readonly cleanUp: boolean }
  /** For the router: try to reach it, with a backoff. For the script: poll. */
  | { readonly do: 'wait'; readonly for: 'router' | 'script' }
  /** It looks dead. Look again this much later: only the same sight counts. */
  | { readonly do: 'confirm'; readonly afterMillis: number; readonly suspicion: Suspicion }
  /** Rename the ticket. Refused, because it is no longer there: the script has started after all. */
  | { readonly do: 'withdraw-ticket' }
  /** Remove the job; it has run for longer than the script timeout. */
  | { readonly do: 'remove-job' }
  /**
   * Append the end first, then remove our objects: the other way round a crash in between turns a known end into an unknown one.
   * An entry whose job is still listed stays until the job is gone. On an execution that has already failed with
   * `outcome_unknown`, `finish` is its resolution; if it says `outcome_unknown` again, nothing more can be learned.
   */
  | ({ readonly do: 'finish' } & Finish)
  /** The end is known and appended; remove what lies there of ours. */
  | { readonly do: 'clean-up' }
  /** Nothing to do. What may be left is swept at the next contact. */
  | { readonly do: 'leave' };

export type Finish =
  { readonly outcome: 'completed' } | { readonly outcome: 'failed'; readonly reason: FailureReason; readonly message: string | null };

/** Since when, counted from the issue, everybody who looked saw this and no job. */
export interface Suspicion {
  readonly ticket: Sighting['ticket'];
  readonly marker: MarkerKind;
  readonly sinceMillis: number;
}

/** What one driver has to keep between two looks. Lost with its process, without harm. */
export interface Memory {
  readonly suspicion: Suspicion | null;
  /** How often it was told to remove the job, and to withdraw the ticket. */
  readonly removals: number;
  readonly withdrawals: number;
}

export const freshMemory: Memory = { suspicion: null, removals: 0, withdrawals: 0 };

export const remember = (memory: Memory, step: NextStep): Memory => ({
  suspicion: step.do === 'confirm' ? step.suspicion : null,
  removals: memory.removals + (step.do === 'remove-job' ? 1 : 0),
  withdrawals: memory.withdrawals + (step.do === 'withdraw-ticket' ? 1 : 0),
});
