import type { Cause } from '@scheduled-scripts/contracts';
import { freshMemory, type Memory } from '@scheduled-scripts/domain';
import type { Contact } from './contact.js';
import { SinceIssue } from './since-issue.js';

/** What one driver keeps about one execution between two looks. Lost with its process, without harm. */
export interface Run {
  readonly executionId: string;
  readonly cause: Cause;
  readonly contact: Contact;
  readonly signal: AbortSignal;
  readonly since: SinceIssue;
  memory: Memory;
  /** The id of the job that our start command was given; meaningless once the router has rebooted. */
  startedJob: string | null;
  /** What the router said to a start command that it refused. */
  refusal: string | null;
  /** How often we have waited for the script. */
  polls: number;
  /** How often in a row the router was not there; without end before we have been there at all. */
  misses: number;
}

export const newRun = (executionId: string, cause: Cause, contact: Contact, signal: AbortSignal): Run => ({
  executionId,
  cause,
  contact,
  signal,
  since: new SinceIssue(),
  memory: freshMemory,
  startedJob: null,
  refusal: null,
  polls: 0,
  misses: Infinity,
});

/** Most scripts end at once; who waits for a long one need not ask often. */
export const pollPauseMillis = (polls: number): number => (polls < 20 ? 100 : polls < 60 ? 500 : 2_000);

/** A script that cuts our connection, or a reboot, is over within this many tries: a minute or so. */
const missesInPlace = 7;

/** Until a router that we lost is tried again; `null`: later, by whoever is free. Those that are away for long take no place from the others. */
export const missPauseMillis = (misses: number): number | null => (misses > missesInPlace ? null : 250 * 2 ** misses);

/** How a run leaves its execution. */
export type RunEnd =
  | { readonly end: 'done' }
  /** The router cannot be reached now. */
  | { readonly end: 'wait'; readonly because: string | null }
  /** Failed with an unknown outcome, and the router could not be asked: the truth may still be found. */
  | { readonly end: 'unknown' }
  /** Another owner has it. */
  | { readonly end: 'lost' }
  | { readonly end: 'interrupted' };
