import { listed } from './showing.js';
import type { Step } from './step.js';
import { plural } from './step.js';

const LONGEST_SENTENCE = 200;
const MOST_IN_A_SENTENCE = 3;

/** The steps as sentences; what belongs together shares one. `left`: commands that no step tells. */
export function paragraph(steps: readonly Step[], left: number, anything: boolean): string {
  if (steps.length === 0) {
    if (left > 0) return `This script runs ${plural(left, 'command')} that could not be explained.`;
    return anything ? 'This script changes nothing that could be recognised.' : 'This script does nothing.';
  }
  const sentences = packed(sameVerbTogether(steps.map(({ clause }) => clause)));
  if (left > 0) sentences.push([`runs ${plural(left, 'other command')}`]);
  const last = sentences.length - 1;
  return sentences
    .map((clauses, index) => {
      const opening = index === 0 ? 'This script' : index < last ? 'It then' : left > 0 ? 'It also' : last > 1 ? 'Finally, it' : 'It then';
      return `${opening} ${joined(clauses)}.`;
    })
    .join(' ');
}

/** A clause with parts of its own is hard to read beside others. */
const isPlain = (clause: string): boolean => !/[,;:]| if | unless | while | for each /.test(withoutQuotes(clause));

const withoutQuotes = (clause: string): string => clause.replaceAll(/"[^"]*"/g, '""');

const verbOf = (clause: string): string => clause.slice(0, clause.indexOf(' '));

/** "adds a bridge" and "adds a route" are "adds a bridge and a route". */
function sameVerbTogether(clauses: readonly string[]): readonly string[] {
  const groups: string[][] = [];
  for (const clause of clauses) {
    const group = groups.at(-1);
    const first = group?.[0];
    const fits =
      first !== undefined &&
      isPlain(first) &&
      isPlain(clause) &&
      verbOf(first) === verbOf(clause) &&
      /^(?:adds|removes|disables|enables|reads)$/.test(verbOf(clause)) &&
      lengthOf(group ?? []) + clause.length <= LONGEST_SENTENCE;
    if (fits) group?.push(clause);
    else groups.push([clause]);
  }
  return groups.map((group) => {
    const [first = '', ...others] = group;
    const verb = verbOf(first);
    return others.length === 0 ? first : `${verb} ${listed([first, ...others].map((clause) => clause.slice(verb.length + 1)))}`;
  });
}

const lengthOf = (clauses: readonly string[]): number => clauses.reduce((sum, { length }) => sum + length + 2, 0);

/** Short plain clauses share a sentence; the others have one each. */
function packed(clauses: readonly string[]): string[][] {
  const sentences: string[][] = [];
  for (const clause of clauses) {
    const sentence = sentences.at(-1);
    const isShort = (one: string): boolean =>
      isPlain(one) || (/ and /.test(one) && !/ if | unless | while | for each |: /.test(withoutQuotes(one)));
    const fits =
      sentence !== undefined &&
      sentence.length < MOST_IN_A_SENTENCE &&
      [...sentence, clause].every(isShort) &&
      lengthOf(sentence) + clause.length <= LONGEST_SENTENCE;
    if (fits) sentence.push(clause);
    else sentences.push([clause]);
  }
  return sentences;
}

/** With a comma before the last "and" where a clause has one of its own. */
function joined(clauses: readonly string[]): string {
  if (clauses.length < 2) return clauses[0] ?? '';
  const comma = clauses.length > 2 || clauses.some((clause) => / and /.test(withoutQuotes(clause))) ? ',' : '';
  return `${clauses.slice(0, -1).join(', ')}${comma} and ${clauses.at(-1) ?? ''}`;
}
