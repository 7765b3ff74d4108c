import type { Sentence } from '@scheduled-scripts/routeros';
import { executionOfName } from './object-names.js';

/** A line of `/system/script/job`. */
export interface Job {
  readonly id: string;
  /** The entry of `/system/script` that it runs; `null` for a bare command and for a login. */
  readonly script: string | null;
  readonly isCommand: boolean;
}

export const jobOf = (row: Sentence): Job => ({
  id: row['.id'] ?? '',
  script: row['script'] ?? null,
  isCommand: row['type'] === 'command',
});

/** Those that run the execution's scripts, and the one that our start command was given. */
export const jobsOf = (jobs: readonly Job[], executionId: string, started: string | null): readonly Job[] =>
  jobs.filter(({ id, script, isCommand }) => (script === null ? isCommand && id === started : executionOfName(script) === executionId));

/** A bare command may be ours too where our own job's id is not known: it is not certain that every version lists the scripts within it. */
export const someMayBeOurs = (jobs: readonly Job[], started: string | null): boolean =>
  started === null && jobs.some(({ script, isCommand }) => script === null && isCommand);
