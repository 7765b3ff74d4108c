import type { Branch } from '../syntax/nodes.js';
import type { Call } from './call.js';
import { groupsIn, literalOf } from './call.js';
import { quoted } from './showing.js';
import type { Step } from './step.js';
import { phraseOf, step } from './step.js';

export type StepsOf = (block: Branch) => readonly Step[];

const reading = new Set(
  `len pick find toarray tobool toid toip toip6 tonum tostr totime time timestamp typeof resolve environment nothing range convert serialize
   deserialize rndnum rndstr jobname parse return break continue set terminal beep grep`.split(/\s+/),
);

/** What a command of the script language does, loops and conditions included; null if it is none. */
export function languageStep(call: Call, stepsOf: StepsOf): readonly Step[] | null {
  const inner = (parameter: string): readonly Step[] => groupsIn(call.parameters.get(parameter), 'block').flatMap(stepsOf);
  switch (call.verb) {
    case 'if':
      return conditional(inner('do'), inner('else'));
    case 'foreach':
      return compound(inner('do'), 'for each item of a list');
    case 'for':
      return compound(inner('do'), 'in a counted loop');
    case 'while':
      return compound(inner('do'), 'as long as a condition holds');
    case 'do': {
      const body = call.operands.flatMap((operand) => groupsIn(operand, 'block')).flatMap(stepsOf);
      if (call.parameters.has('while')) return compound(body, 'as long as a condition holds');
      return [...body, ...onFailure(inner('on-error'))];
    }
    case 'onerror':
      return [...inner('in'), ...onFailure(inner('do'))];
    case 'local':
    case 'global':
      return call.parameters.has('do') ? definition(call, inner('do')) : [variable];
    case 'put':
      return [step('prints text', 0)];
    case 'log':
      return [step('writes a message to the log', 0)];
    case 'delay':
      return [step('waits', 0)];
    case 'error':
      return [step('stops with an error', 1)];
    case 'exit':
    case 'quit':
      return [step('ends the session', 1)];
    case 'execute':
      return [step('runs further script text', 2)];
    default:
      return call.verb !== null && reading.has(call.verb)
        ? [{ ...variable, key: 'computes', clause: 'computes values', together: () => 'computes values' }]
        : null;
  }
}

const variable: Step = step('sets a variable', 0, { key: 'variable', together: (steps) => `sets ${steps.length} variables` });

function compound(body: readonly Step[], when: string): readonly Step[] {
  const phrase = phraseOf(body);
  return phrase === null ? [] : [step(`${phrase} ${when}`, heaviest(body), { commands: count(body) })];
}

function conditional(then: readonly Step[], otherwise: readonly Step[]): readonly Step[] {
  const all = [...then, ...otherwise];
  const first = phraseOf(then);
  const second = phraseOf(otherwise);
  if (first === null && second === null) return [];
  const clause =
    first === null
      ? `${second ?? ''} unless a condition holds`
      : `${first} if a condition holds${second === null ? '' : `, and otherwise ${second}`}`;
  return [step(clause, heaviest(all), { commands: count(all) })];
}

const onFailure = (body: readonly Step[]): readonly Step[] => compound(body, 'if that fails');

function definition(call: Call, body: readonly Step[]): readonly Step[] {
  const name = literalOf(call.operands[0]);
  const phrase = phraseOf(body);
  const clause = `defines the function${name ? ` ${quoted(name)}` : ''}`;
  return [
    step(phrase === null ? clause : `${clause}, which ${phrase}`, Math.max(1, heaviest(body)) === 2 ? 2 : 1, { commands: 1 + count(body) }),
  ];
}

const heaviest = (steps: readonly Step[]): Step['weight'] =>
  steps.reduce<Step['weight']>((most, one) => (one.weight > most ? one.weight : most), 0);
const count = (steps: readonly Step[]): number => steps.reduce((sum, one) => sum + one.commands, 0);
