import type { Branch } from '../syntax/nodes.js';
import { isBranch } from '../syntax/nodes.js';
import { isSecret } from '../secrets/secret-names.js';
import type { Call } from './call.js';
import { groupsIn, literalOf, pathOf, readCall } from './call.js';
import type { Menu } from './menus.js';
import { isTellable, menuOf } from './menus.js';
import { listed, quoted, shown } from './showing.js';
import type { Step, Weight } from './step.js';
import { step } from './step.js';
import { soleVariable } from './values.js';

/** Which entries a command is about: "the user "bob"", "all routes", "the routes whose gateway is 10.0.0.1". */
export function targetOf(call: Call, menu: Menu): string {
  if (menu.single) return menu.one;
  const operand = call.operands[0] ?? (call.parameters.has('numbers') ? call.parameters.get('numbers') : undefined);
  if (operand === undefined || operand === null) return `some of the ${menu.many}`;
  const text = literalOf(operand);
  if (text !== null && !menu.hideNames) return namedBy(text, menu);
  const variable = soleVariable(operand);
  if (variable !== null && !isSecret(variable)) return `the ${menu.one} ${variable}`;
  const search = groupsIn(operand, 'substitution')[0]?.children.filter(isBranch)[0];
  return (search && operand.children.length === 1 ? searchedBy(readCall(search), menu) : null) ?? `certain ${menu.many}`;
}

function namedBy(text: string, menu: Menu): string {
  if (/^[0-9,]+$/.test(text))
    return text.includes(',')
      ? `the ${menu.many} numbers ${listed(text.split(',').slice(0, 20))}`
      : `the ${menu.one} number ${shown(text)}`;
  const names = text.split(',');
  return names.length === 1
    ? `the ${menu.one} ${quoted(text)}`
    : `the ${menu.many} ${listed(names.slice(0, 8).map(quoted))}${names.length > 8 ? ', …' : ''}`;
}

/** What `[/menu find …]` in a value finds; null where it is something else. */
export function foundBy(value: Branch | null | undefined, here: readonly string[]): string | null {
  const search = groupsIn(value, 'substitution')[0]?.children.filter(isBranch)[0];
  if (!search || value?.children.length !== 1) return null;
  const call = readCall(search);
  const path = pathOf(call, here).join(' ');
  if (call.verb !== 'find' || !isTellable(path)) return null;
  const menu = menuOf(path);
  return searchedBy({ ...call, menu: [] }, menu) ?? `certain ${menu.many}`;
}

interface Test {
  readonly words: string;
  /** Reads as "that are …", not as "whose … is …". */
  readonly isState: boolean;
}

function searchedBy(find: Call, menu: Menu): string | null {
  if (find.verb !== 'find' || find.menu.length > 0) return null;
  const rest = find.operands.filter((argument) => !/^(?:where|and)$/.test(literalOf(argument) ?? ''));
  if (rest.length === 0 && find.parameters.size === 0) return `all ${menu.many}`;
  if (rest.length > 0 || menu.hideNames) return null;
  const tests: Test[] = [];
  for (const [name, value] of find.parameters) {
    const test = testOf(name, literalOf(value), soleVariable(value));
    if (test === null) return null;
    tests.push(test);
  }
  const isNot = ({ words }: Test): number => Number(words.startsWith('not '));
  const states = tests.filter(({ isState }) => isState).toSorted((a, b) => isNot(a) - isNot(b));
  const others = tests.filter(({ isState }) => !isState);
  const are = states.length > 0 ? ` that are ${listed(states.map(({ words }) => words))}` : '';
  const whose = others.length > 0 ? `${are === '' ? '' : ' and'} whose ${listed(others.map(({ words }) => words))}` : '';
  return `the ${menu.many}${are}${whose}`;
}

/** Comments and secrets are not told. */
function testOf(sign: string, text: string | null, variable: string | null): Test | null {
  const name = sign.replace(/!$/, '');
  if (isSecret(name) || !/^[a-z][a-z0-9-]{0,30}$/.test(name) || /^(?:comment|source|on-event)$/.test(name)) return null;
  const isNot = sign.endsWith('!');
  if (text !== null && /^(?:yes|no|true|false)$/.test(text)) {
    const isSo = /^(?:yes|true)$/.test(text) !== isNot;
    return { words: name === 'disabled' ? (isSo ? 'disabled' : 'enabled') : `${isSo ? '' : 'not '}${name}`, isState: true };
  }
  const value = text === null ? variable : text === '' ? null : shown(text);
  return value === null ? null : { words: `${name} is ${isNot ? 'not ' : ''}${value}`, isState: false };
}

export function onTarget(verb: string, call: Call, menu: Menu, weight: Weight): Step {
  const target = targetOf(call, menu);
  return step(`${verb} ${target}`, weight, {
    key: `${verb} ${menu.one}`,
    together: (steps) => {
      const same = steps.every(({ clause }) => clause === steps[0]?.clause);
      if (steps.length < 4 && !same) return `${verb} ${listed(steps.map(({ clause }) => clause.slice(verb.length + 1)))}`;
      return same ? `${verb} ${target} (${steps.length} times)` : `${verb} ${menu.many} in ${steps.length} commands`;
    },
  });
}
