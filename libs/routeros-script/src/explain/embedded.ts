import { parseScript } from '../syntax/parser.js';
import type { Branch } from '../syntax/nodes.js';
import type { Call } from './call.js';
import { groupsIn, literalOf } from './call.js';
import { quoted } from './showing.js';
import type { Step, StepsOf, Weight } from './step.js';
import { gravesOf, phraseOf } from './step.js';

/** Parameters that hold a script, by menu, and when it runs. */
const holders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'system script': { source: 'when it runs' },
  'system scheduler': { 'on-event': '' },
  'tool netwatch': { 'up-script': 'when the host answers again', 'down-script': 'when the host stops answering' },
  'ppp profile': { 'on-up': 'when a client connects', 'on-down': 'when a client leaves' },
  'ip dhcp-client': { script: 'when the lease changes' },
  'ip dhcp-server': { 'lease-script': 'when a lease changes' },
};

const LONGEST = 20_000;

export interface Embedded {
  readonly phrase: string;
  readonly weight: Weight;
  readonly graves: readonly string[];
}

/** What the scripts do that a command stores for later: an approver has to know that as well. Those further in are only counted. */
export function embedded(call: Call, path: string, stepsOf: StepsOf): Embedded | null {
  const found: Embedded[] = [];
  for (const [parameter, when] of Object.entries(holders[path] ?? {})) {
    const value = call.parameters.get(parameter);
    const steps = value ? stepsIn(value, stepsOf) : [];
    const phrase = nameOf(value) ?? phraseOf(steps);
    if (phrase === null) continue;
    found.push({ phrase: when === '' ? phrase : `${phrase} ${when}`, weight: heaviest(steps), graves: gravesOf(steps) });
  }
  if (found.length === 0) return null;
  return {
    phrase: found.map(({ phrase }) => phrase).join(', and '),
    weight: found.some(({ weight }) => weight === 2) ? 2 : 1,
    graves: found.flatMap(({ graves }) => graves),
  };
}

/** A scheduler may name a script that is stored. */
function nameOf(value: Branch | null | undefined): string | null {
  const text = value ? literalOf(value) : null;
  return text !== null && /^[\w.-]{1,48}$/.test(text) ? `runs the script ${quoted(text)}` : null;
}

function stepsIn(value: Branch, stepsOf: StepsOf): readonly Step[] {
  const blocks = groupsIn(value, 'block');
  if (blocks.length > 0) return blocks.flatMap(stepsOf);
  const text = literalOf(value, true);
  return text === null || text.length > LONGEST ? [] : stepsOf(parseScript(text));
}

const heaviest = (steps: readonly Step[]): Weight => steps.reduce<Weight>((most, { weight }) => (weight > most ? weight : most), 0);
