import type { Caller, MenuCall, PrintedRow } from '../menus/menu-call.js';
import type { MenuTree } from '../menus/menu-tree.js';
import { trapCategory, noSuchCommand, RouterOsError, unknownParameter } from '../menus/routeros-error.js';
import { readQuery } from './api-query.js';

/** One sentence from a client, taken apart. */
export interface ApiCommand {
  readonly path: string;
  readonly tag: string | null;
  readonly attributes: ReadonlyMap<string, string>;
  readonly queries: readonly string[];
}

export const readCommand = (words: readonly string[]): ApiCommand => {
  const attributes = new Map<string, string>();
  const queries: string[] = [];
  let tag: string | null = null;
  for (const word of words.slice(1)) {
    if (word.startsWith('?')) queries.push(word.slice(1));
    else if (word.startsWith('.tag=')) tag = word.slice(5);
    else if (word.startsWith('=')) {
      const cut = word.indexOf('=', 1);
      attributes.set(cut < 0 ? word.slice(1) : word.slice(1, cut), cut < 0 ? '' : word.slice(cut + 1));
    }
  }
  return { path: words[0] ?? '', tag, attributes, queries };
};

const targetNames = new Set(['.id', 'number', 'numbers']);
const printOnly = new Set([
  '.proplist',
  'detail',
  'count-only',
  'terse',
  'stats',
  'without-paging',
  'value-list',
  'brief',
  'where',
  'as-value',
]);

/** What the menus take, or the trap that RouterOS answers with. */
export const toMenuCall = (command: ApiCommand, tree: MenuTree, caller: Caller): MenuCall => {
  const known = tree.command(command.path);
  if (!known) {
    const menu = command.path.slice(0, command.path.lastIndexOf('/'));
    throw menu !== '' && !tree.isMenu(menu) ? new RouterOsError('no such command prefix', trapCategory.missing) : noSuchCommand();
  }
  const args = new Map<string, string>();
  const unset = new Set<string>();
  let numbers: string[] | null = null;
  for (const [name, value] of command.attributes) {
    const isUnset = name.startsWith('!');
    const plain = isUnset ? name.slice(1) : name;
    if (known.parameters && !known.parameters.includes(plain) && !printOnly.has(plain)) throw unknownParameter(plain);
    if (targetNames.has(plain)) numbers = value.split(',').filter((token) => token !== '');
    else if (isUnset) unset.add(plain);
    else args.set(plain, value);
  }
  const test = readQuery(command.queries);
  return { args, unset, numbers, select: test && ((rows) => rows.filter(test)), caller };
};

/** Row attributes as words; `.proplist` leaves the others out, and may leave none. */
export const rowWords = (row: PrintedRow, proplist: string | undefined): string[] => {
  const wanted = proplist === undefined || proplist === '' ? null : new Set(proplist.split(','));
  return Object.entries(row)
    .filter(([name]) => wanted === null || wanted.has(name))
    .map(([name, value]) => `=${name}=${value}`);
};
