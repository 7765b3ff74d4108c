import type { Branch } from '../syntax/nodes.js';
import { isBranch } from '../syntax/nodes.js';
import type { Call } from './call.js';
import { pathOf, readCall } from './call.js';
import { languageStep } from './language.js';
import { menuStep } from './menu-commands.js';
import { isKnownPath } from './menus.js';
import { foundBy } from './targets.js';
import type { Step } from './step.js';
import { step, unknownStep } from './step.js';
import { soleVariable } from './values.js';

/** What the commands of a script or block do, in order. A change of menu inside a block ends with it. */
export function stepsOf(block: Branch, menu: readonly string[] = []): readonly Step[] {
  let here = menu;
  return block.children.filter(isBranch).flatMap((command, index, commands): readonly Step[] => {
    if (command.kind !== 'command') return [];
    const call = readCall(command);
    const nested = effectsIn(call, here);
    const path = pathOf(call, here);
    if (call.verb === null) {
      const called = call.menu.length === 0 ? soleVariable(call.operands[0]) : null;
      if (called !== null) return [...nested, callOf(called)];
      if (call.menu.length === 0 && call.parameters.size > 0) return [...nested, unknownStep];
      if (call.menu.length === 0) return call.operands.length > 0 ? [...nested, ...bareOperand(command, here)] : nested;
      if (call.absolute || isKnownPath(path.join(' '))) {
        here = path;
        // A path nobody knows is a menu only if commands in it follow; else it may be a command.
        return isKnownPath(path.join(' ')) || isRelative(commands[index + 1]) ? nested : [...nested, unknownStep];
      }
      return [...nested, unknownStep];
    }
    const inside = here;
    const own = ownSteps(call, path, inside, (inner) => stepsOf(inner, inside));
    return [...nested, ...own];
  });
}

function isRelative(command: Branch | undefined): boolean {
  const call = command?.kind === 'command' ? readCall(command) : null;
  return call !== null && call.verb !== null && !call.absolute && !call.ofLanguage;
}

function callOf(variable: string): Step {
  const clause = `calls the function "${variable.slice(1)}"`;
  return step(clause, 1, { together: (steps) => `${clause} ${steps.length} times` });
}

function ownSteps(
  call: Call,
  path: readonly string[],
  here: readonly string[],
  inner: (block: Branch) => readonly Step[],
): readonly Step[] {
  const joined = path.join(' ');
  const menuFirst =
    !call.ofLanguage && joined !== '' && (call.menu.length > 0 || call.verb === 'set' || call.verb === 'find' || call.verb === 'error');
  const own = menuFirst ? menuStep(call, joined, stepsOf) : null;
  if (own) return [own];
  const language =
    call.menu.length === 0 && !call.absolute ? languageStep(call, inner, (loop) => foundBy(loop.parameters.get('in'), here)) : null;
  if (language) return language;
  const one = menuStep(call, call.ofLanguage ? call.menu.join(' ') : joined, stepsOf);
  return one ? [one] : [unknownStep];
}

/** `{ … }` on its own runs; anything else on its own is an element of an array or a call of a function. */
function bareOperand(command: Branch, here: readonly string[]): readonly Step[] {
  const first = command.children.find(isBranch)?.children ?? [];
  const only = first.length === 1 ? first[0] : undefined;
  if (only && isBranch(only) && only.kind === 'block') return stepsOf(only, here);
  return only && isBranch(only) && only.kind === 'substitution' ? [] : [unknownStep];
}

/** Commands inside `[ … ]` run too, before the command around them. Those that only read are left out. */
function effectsIn(call: Call, here: readonly string[]): readonly Step[] {
  const values = [...call.operands, ...[...call.parameters.values()].filter((value) => value !== null)];
  return values
    .flatMap((value) => substitutionsIn(value))
    .flatMap((inner) => stepsOf(inner, here).filter((one) => one.weight > 0 || one.unknown));
}

function substitutionsIn(node: Branch): readonly Branch[] {
  return node.children.filter(isBranch).flatMap((child) => {
    if (child.kind === 'substitution') return [child];
    return child.kind === 'block' ? [] : substitutionsIn(child);
  });
}
