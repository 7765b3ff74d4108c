import type { Branch } from '../syntax/nodes.js';
import { listed } from './showing.js';

/** 0: changes nothing on the router. 2: what a reader must not miss: it can cut the router off or lose data. */
export type Weight = 0 | 1 | 2;

/** Something the script does, worded as what follows "This script …". */
export interface Step {
  /** Steps in a row with one key are told as one. */
  readonly key: string;
  readonly clause: string;
  readonly weight: Weight;
  /** How many commands of the script it tells. */
  readonly commands: number;
  readonly together?: (steps: readonly Step[]) => string;
  /** What a rule is for, and the word its kind is counted under. */
  readonly purpose?: string;
  readonly tally?: string;
  /** What of it nobody must miss, where that is not the whole clause. */
  readonly graves?: readonly string[];
  /** A command that no vocabulary covers: counted, never told. */
  readonly unknown?: true;
}

/** What the commands of a block do. */
export type StepsOf = (block: Branch) => readonly Step[];

export const step = (clause: string, weight: Weight = 1, more: Partial<Step> = {}): Step => ({
  key: clause,
  clause,
  weight,
  commands: 1,
  ...more,
});

/** What nobody must miss of what these do. */
export const gravesOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ graves, weight, clause }) => graves ?? (weight === 2 ? [clause] : []));

export const unknownStep: Step = { key: 'unknown', clause: '', weight: 0, commands: 1, unknown: true };

export function merged(steps: readonly Step[]): readonly Step[] {
  const runs: Step[][] = [];
  for (const one of steps) {
    const run = runs.at(-1);
    if (run?.[0]?.key === one.key) run.push(one);
    else runs.push([one]);
  }
  return runs.flatMap((run) => {
    const first = run[0];
    if (!first) return [];
    const commands = run.reduce((sum, one) => sum + one.commands, 0);
    const weight = run.reduce<Weight>((most, one) => (one.weight > most ? one.weight : most), 0);
    if (run.length === 1) return [first];
    return [{ ...first, commands, weight, clause: first.together?.(run) ?? `${first.clause} (${run.length} times)` }];
  });
}

export const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const MOST_CLAUSES = 3;

/** The steps of a block as one phrase; null if it holds no command. */
export function phraseOf(steps: readonly Step[]): string | null {
  const known = merged(steps.filter(({ unknown }) => !unknown));
  const telling = known.some(({ weight }) => weight > 0) ? known.filter(({ weight }) => weight > 0) : known;
  const chosen = new Set(telling.toSorted((a, b) => b.weight - a.weight).slice(0, MOST_CLAUSES));
  const clauses = telling.filter((one) => chosen.has(one)).map(({ clause }) => clause);
  const untold = telling.filter((one) => !chosen.has(one)).concat(steps.filter(({ unknown }) => unknown));
  const others = untold.reduce((sum, { commands }) => sum + commands, 0);
  if (others > 0 && clauses.length > 0) clauses.push(`runs ${plural(others, 'other command')}`);
  else if (others > 0) clauses.push(`runs ${plural(others, 'command')} that could not be explained`);
  return clauses.length > 0 ? listed(clauses) : null;
}
