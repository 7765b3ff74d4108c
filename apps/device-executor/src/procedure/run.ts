import { freshMemory, type Memory } from '@scheduled-scripts/domain';
import type { Cause } from '../cause.js';
import type { Contact } from './contact.js';
import { SinceIssue } from './look.js';

/** What one driver keeps about one execution between two looks. Lost with its process, without harm. */
export interface Run {
  readonly executionId: string;
  readonly cause: Cause;
  readonly contact: Contact;
  readonly signal: AbortSignal;
  readonly since: SinceIssue;
  memory: Memory;
  /** The id of the job that our start command was given. */
  startedJob: string | null;
  looks: number;
}

export const newRun = (executionId: string, cause: Cause, contact: Contact, signal: AbortSignal): Run => ({
  executionId,
  cause,
  contact,
  signal,
  since: new SinceIssue(),
  memory: freshMemory,
  startedJob: null,
  looks: 0,
});

/** Most scripts end at once; who waits for a long one need not ask often. */
export const pollPauseMillis = (looks: number): number => (looks < 20 ? 100 : looks < 60 ? 500 : 2_000);

/** How a run leaves its execution. `wait`: the router cannot be reached now. */
export type RunEnd =
  | { readonly end: 'done' }
  | { readonly end: 'wait'; readonly because: string | null }
  /** Failed with an unknown outcome, and the router could not be asked: the truth may still be found. */
  | { readonly end: 'unknown' }
  | { readonly end: 'lost' }
  | { readonly end: 'interrupted' };
