import type { Call } from './call.js';
import { groupsIn, literalOf, readCall } from './call.js';
import { isSecret } from '../secrets/secret-names.js';
import { isBranch } from '../syntax/nodes.js';
import { additionOf } from './additions.js';
import type { Menu } from './menus.js';
import { menus } from './menus.js';
import { isOn, listed, quoted, shown, textOf, valueOf } from './showing.js';
import type { Step, Weight } from './step.js';
import { step } from './step.js';
import { routerCommand } from './router-commands.js';

/** What a command does to the entries of its menu; null if neither the menu nor the verb says enough. */
export function menuStep(call: Call, path: string): Step | null {
  const special = routerCommand(call, path);
  if (special) return special;
  if (!/^[a-z0-9][a-z0-9 .-]{0,80}$/.test(path)) return null;
  const menu = menus.get(path) ?? {
    one: `entry of the menu "/${path}"`,
    many: `entries of the menu "/${path}"`,
    single: false,
    hideNames: false,
  };
  const known = menus.has(path);
  switch (call.verb) {
    case 'add':
      return additionOf(call, path, menu);
    case 'set':
    case 'edit':
    case 'unset':
      return settingOf(call, path, known ? menu : { ...menu, many: `settings of the menu "/${path}"` });
    case 'remove':
      return onTarget('removes', call, menu, 2);
    case 'enable':
      return onTarget('enables', call, menu, 1);
    case 'disable':
      return onTarget('disables', call, menu, 2);
    case 'move':
      return onTarget('moves', call, menu, 1);
    case 'comment':
      return onTarget('comments on', call, menu, 1);
    case 'reset':
    case 'reset-counters':
    case 'reset-counters-all':
      return step(`resets the counters of the ${menu.many.replace(/^the /, '')}`);
    case 'print':
    case 'get':
    case 'find':
    case 'monitor':
      return step(menu.single ? `reads ${menu.one}` : `reads the ${menu.many}`, 0);
    case 'export':
      return step(`exports the configuration of ${menu.single ? menu.one : `the ${menu.many}`}`, 0);
    default:
      return null;
  }
}

const matchable = /^(?:name|list|interface|address|chain|default-name|bridge|gateway|dst-address|port|user|group)$/;

/** Which entries a command is about: "the user "bob"", "all routes", "the routes whose gateway is 10.0.0.1". */
export function targetOf(call: Call, menu: Menu): string {
  if (menu.single) return menu.one;
  const operand = call.operands[0] ?? (call.parameters.has('numbers') ? call.parameters.get('numbers') : undefined);
  if (operand === undefined || operand === null) return `some of the ${menu.many}`;
  const text = literalOf(operand);
  if (text !== null && !menu.hideNames) {
    if (/^[0-9,]+$/.test(text)) return `${text.includes(',') ? `the ${menu.many}` : `the ${menu.one}`} number ${shown(text)}`;
    return text.includes(',') ? `the ${menu.many} ${quoted(text)}` : `the ${menu.one} ${quoted(text)}`;
  }
  const search = groupsIn(operand, 'substitution')[0]?.children.filter(isBranch)[0];
  if (!search || operand.children.length > 1) return `certain ${menu.many}`;
  const find = readCall(search);
  if (find.verb !== 'find' || find.menu.length > 0) return `certain ${menu.many}`;
  const rest = find.operands.filter((argument) => literalOf(argument) !== 'where');
  if (rest.length === 0 && find.parameters.size === 0) return `all ${menu.many}`;
  const tests = [...find.parameters.keys()].map((name) => ({ name, text: textOf(find, name) }));
  if (rest.length > 0 || menu.hideNames || tests.some(({ name, text: wanted }) => !matchable.test(name) || !wanted))
    return `certain ${menu.many}`;
  return `the ${menu.many} whose ${listed(tests.map(({ name, text: wanted }) => `${name} is ${shown(wanted ?? '')}`))}`;
}

function onTarget(verb: string, call: Call, menu: Menu, weight: Weight): Step {
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

function settingOf(call: Call, path: string, menu: Menu): Step {
  const names = [...call.parameters.keys()].filter((name) => name !== 'numbers');
  if (path === 'system identity' && names.length === 1 && names[0] === 'name')
    return step(`sets the system identity to ${valueOf(call, 'name') ?? ''}`);
  if (path === 'ip dns' && names.length === 1 && names[0] === 'servers')
    return step(`sets the DNS servers to ${valueOf(call, 'servers') ?? ''}`);
  if (names.length === 1 && names[0] === 'disabled') {
    const off = textOf(call, 'disabled');
    if (off !== null && /^(yes|no|true|false)$/.test(off))
      return isOn(call, 'disabled') ? onTarget('disables', call, menu, 2) : onTarget('enables', call, menu, 1);
  }
  if (call.verb === 'set' && names.length === 1 && names[0] === 'enabled')
    return step(`${isOn(call, 'enabled') ? 'enables' : 'disables'} ${targetOf(call, menu)}`);
  const target = call.operands.length === 0 && !call.parameters.has('numbers') && !menu.single ? `the ${menu.many}` : targetOf(call, menu);
  const told = names.filter((name) => /^[a-z0-9-]{1,32}$/.test(name));
  const few = told.length === names.length && told.length > 0 && told.length <= 4 ? `the ${listed(told)}` : plainSettings(names.length);
  const weight: Weight = path === 'user' || path === 'ip service' || names.some(isSecret) || names.includes('disabled') ? 2 : 1;
  return step(`changes ${few} of ${target}`, weight);
}

const plainSettings = (count: number): string => (count === 0 ? 'settings' : count === 1 ? 'a setting' : `${count} settings`);
