import type { Call } from './call.js';
import { groupsIn, literalOf } from './call.js';
import { conditionOf } from './conditions.js';
import { quoted, shown } from './showing.js';
import { soleVariable } from './values.js';
import type { Step, StepsOf } from './step.js';
import { gravesOf, phraseOf, step } from './step.js';

const reading = new Set(
  `len pick find toarray tobool toid toip toip6 tonum tostr totime time timestamp typeof resolve environment nothing range convert serialize
   deserialize rndnum rndstr jobname parse return break continue set terminal beep grep`.split(/\s+/),
);

/** What a command of the script language does, loops and conditions included; null if it is none. */
export function languageStep(call: Call, stepsOf: StepsOf, searched: (call: Call) => string | null): readonly Step[] | null {
  const inner = (parameter: string): readonly Step[] => groupsIn(call.parameters.get(parameter), 'block').flatMap(stepsOf);
  switch (call.verb) {
    case 'if':
      return conditional(inner('do'), inner('else'), conditionOf(call) ?? 'a condition holds');
    case 'foreach':
      return compound(inner('do'), `for each ${loopVariable(call)} of ${searched(call) ?? 'a list'}`);
    case 'for':
      return compound(inner('do'), countedLoop(call));
    case 'while':
      return compound(inner('do'), `again and again while ${conditionOf(call) ?? 'a condition holds'}`);
    case 'do': {
      const body = call.operands.flatMap((operand) => groupsIn(operand, 'block')).flatMap(stepsOf);
      if (call.parameters.has('while')) return compound(body, `again and again while ${conditionOf(call, 'while') ?? 'a condition holds'}`);
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

const loopVariable = (call: Call): string => {
  const name = literalOf(call.operands[0]) ?? '';
  return /^[\w-]{1,32}$/.test(name) ? `$${name}` : 'item';
};

function countedLoop(call: Call): string {
  const [from, to] = ['from', 'to'].map((name) => {
    const value = call.parameters.get(name);
    const text = literalOf(value);
    return text === null ? soleVariable(value) : shown(text);
  });
  return from && to ? `for each ${loopVariable(call)} from ${from} to ${to}` : 'in a counted loop';
}

const variable: Step = step('sets a variable', 0, { key: 'variable', together: (steps) => `sets ${steps.length} variables` });

function compound(body: readonly Step[], when: string): readonly Step[] {
  const phrase = phraseOf(body);
  const comma = phrase !== null && / if | unless | for each /.test(phrase) ? ',' : '';
  return phrase === null ? [] : [step(`${phrase}${comma} ${when}`, heaviest(body), { commands: count(body), graves: gravesOf(body) })];
}

function conditional(then: readonly Step[], otherwise: readonly Step[], condition: string): readonly Step[] {
  const all = [...then, ...otherwise];
  const first = phraseOf(then);
  const second = phraseOf(otherwise);
  if (first === null && second === null) return [];
  const clause =
    first === null
      ? `${second ?? ''} unless ${condition}`
      : `${first} if ${condition}${second === null ? '' : `, and otherwise ${second}`}`;
  return [step(clause, heaviest(all), { commands: count(all), graves: gravesOf(all) })];
}

const onFailure = (body: readonly Step[]): readonly Step[] => compound(body, 'if that fails');

function definition(call: Call, body: readonly Step[]): readonly Step[] {
  const name = literalOf(call.operands[0]);
  const phrase = phraseOf(body);
  const clause = `defines the function${name ? ` ${quoted(name)}` : ''}`;
  return [
    step(phrase === null ? clause : `${clause}, which ${phrase}`, Math.max(1, heaviest(body)) === 2 ? 2 : 1, {
      commands: 1 + count(body),
      graves: gravesOf(body),
    }),
  ];
}

const heaviest = (steps: readonly Step[]): Step['weight'] =>
  steps.reduce<Step['weight']>((most, one) => (one.weight > most ? one.weight : most), 0);
const count = (steps: readonly Step[]): number => steps.reduce((sum, one) => sum + one.commands, 0);
