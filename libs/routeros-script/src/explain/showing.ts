import type { Call } from './call.js';
import { isSecret } from '../secrets/secret-names.js';
import { literalOf } from './call.js';
import { soleVariable } from './values.js';

const LONGEST_SHOWN = 48;
const COMPUTED = 'a computed value';
const plain = /^[0-9A-Fa-f.:/,-]*[0-9][0-9A-Fa-f.:/,-]*$/;

/** Characters that could bend the sentence they stand in go; what is long is cut. */
export function clean(text: string): string {
  const visible = text
    .slice(0, LONGEST_SHOWN * 4)
    .replace(/[\p{C}\s]+/gu, ' ')
    .replace(/["“”]/g, "'")
    .trim();
  const characters = Array.from(visible);
  return characters.length > LONGEST_SHOWN ? `${characters.slice(0, LONGEST_SHOWN - 1).join('')}…` : visible;
}

export const quoted = (text: string): string => `"${clean(text)}"`;

/** Addresses and numbers stand bare, names in quotes. */
export const shown = (text: string): string => (plain.test(text) ? clean(text) : quoted(text));

/** The literal value of a parameter, or null: not given, computed, or not to be shown. */
export function textOf(call: Call, parameter: string): string | null {
  return isSecret(parameter) || !call.parameters.has(parameter) ? null : literalOf(call.parameters.get(parameter));
}

/** How a parameter reads in a sentence; null only if it is not given. */
export function valueOf(call: Call, parameter: string): string | null {
  if (!call.parameters.has(parameter)) return null;
  const text = textOf(call, parameter);
  if (text !== null && text !== '') return shown(text);
  return (isSecret(parameter) ? null : soleVariable(call.parameters.get(parameter))) ?? COMPUTED;
}

/** "on the interface "ether1"", "on a computed interface". */
export const after = (words: string, value: string): string =>
  value === COMPUTED && words.includes('the ') ? words.replace('the ', 'a computed ') : `${words} ${value}`;

export const isOn = (call: Call, parameter: string): boolean => /^(yes|true)$/.test(textOf(call, parameter) ?? '');

export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
