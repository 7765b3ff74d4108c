import { isSecret } from '../secrets/secret-names.js';
import type { Call } from './call.js';
import { embedded } from './embedded.js';
import type { Menu } from './menus.js';
import { isOn, listed, shown, textOf, valueOf } from './showing.js';
import type { Step, StepsOf, Weight } from './step.js';
import { step } from './step.js';
import { onTarget, targetOf } from './targets.js';

/** Texts for people, and scripts: what they say is not told. */
const untold = /^(?:comment|note|source|on-event|.*-script|contact|message|subject|body|contents|content|arguments)$/;
const onOff = /^(?:yes|no|true|false)$/;

/** What `set` changes, as far as it can be said shortly. */
export function settingOf(call: Call, path: string, menu: Menu, stepsOf: StepsOf): Step {
  const names = [...call.parameters.keys()].filter((name) => name !== 'numbers');
  const weight: Weight = path === 'user' || path === 'ip service' || names.some(isSecret) || names.includes('disabled') ? 2 : 1;
  const target = call.operands.length === 0 && !call.parameters.has('numbers') && !menu.single ? `the ${menu.many}` : targetOf(call, menu);
  const [only] = names;
  if (only !== undefined && names.length === 1 && call.verb === 'set') {
    const single = singleSetting(call, path, menu, only, target, weight);
    if (single) return single;
  }
  const switching = switchOf(call, names);
  const others = names.filter((name) => name !== switching?.name);
  const told = others.filter((name) => /^[a-z0-9.-]{1,32}$/.test(name));
  const few = told.length === others.length && told.length > 0 && told.length <= 4 ? listed(told) : null;
  const inner = embedded(call, path, stepsOf);
  const which = inner ? `, which then ${inner.phrase}` : '';
  const graves = inner ? { graves: inner.graves } : {};
  const heavy: Weight = inner?.weight === 2 ? 2 : weight;
  const their = target.includes(menu.many) && !menu.single ? 'their' : 'its';
  if (switching)
    return step(
      `${switching.verb} ${target} and changes ${few === null ? `${others.length} of ${their} settings` : `${their} ${few}`}${which}`,
      heavy,
      graves,
    );
  return step(`changes ${few === null ? plainSettings(names.length) : `the ${few}`} of ${target}${which}`, heavy, graves);
}

function singleSetting(call: Call, path: string, menu: Menu, name: string, target: string, weight: Weight): Step | null {
  const text = textOf(call, name);
  if (path === 'system identity' && name === 'name') return step(`sets the system identity to ${valueOf(call, 'name') ?? ''}`);
  if (path === 'ip dns' && name === 'servers') return step(`sets the DNS servers to ${valueOf(call, 'servers') ?? ''}`);
  if (name === 'disabled' && text !== null && onOff.test(text))
    return isOn(call, 'disabled') ? onTarget('disables', call, menu, 2) : onTarget('enables', call, menu, 1);
  if (name === 'enabled' && text !== null && onOff.test(text)) return step(`${isOn(call, 'enabled') ? 'enables' : 'disables'} ${target}`);
  if (text === null || text === '' || menu.hideNames || untold.test(name) || !/^[a-z0-9.-]{1,32}$/.test(name)) return null;
  if (onOff.test(text)) return step(`turns ${name} ${isOn(call, name) ? 'on' : 'off'} for ${target}`, weight);
  if (name === 'name') return step(`renames ${target} to ${valueOf(call, name) ?? ''}`, weight);
  return step(`sets the ${name} of ${target} to ${text.startsWith('!') ? `anything but ${shown(text.slice(1))}` : shown(text)}`, weight);
}

function switchOf(call: Call, names: readonly string[]): { readonly name: string; readonly verb: string } | null {
  if (names.length < 2) return null;
  const name = names.find((one) => (one === 'disabled' || one === 'enabled') && onOff.test(textOf(call, one) ?? ''));
  if (name === undefined) return null;
  return { name, verb: isOn(call, name) === (name === 'enabled') ? 'enables' : 'disables' };
}

const plainSettings = (count: number): string => (count === 0 ? 'settings' : count === 1 ? 'a setting' : `${count} settings`);
