import type { PrintedRow } from '../menus/menu-call.js';
import { trapCategory, RouterOsError } from '../menus/routeros-error.js';

type Test = (row: PrintedRow) => boolean;

const compare = (operator: string, name: string, wanted: string): Test => {
  if (operator === '=') return (row) => row[name] === wanted;
  const order = (row: PrintedRow): number => {
    const value = row[name] ?? '';
    const [a, b] = [Number(value), Number(wanted)];
    if (value !== '' && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
    return value < wanted ? -1 : value > wanted ? 1 : 0;
  };
  return (row) => row[name] !== undefined && (operator === '<' ? order(row) < 0 : order(row) > 0);
};

const test = (word: string): Test => {
  const compared = /^([<>=]?)([^=]+)=([\s\S]*)$/.exec(word);
  if (compared) return compare(compared[1] === '' ? '=' : (compared[1] ?? '='), compared[2] ?? '', compared[3] ?? '');
  const name = word.replace(/^-/, '');
  return word.startsWith('-') ? (row) => row[name] === undefined : (row) => row[name] !== undefined;
};

const operate = (stack: Test[], operations: string): void => {
  const popped = (): Test => {
    const top = stack.pop();
    if (!top) throw new RouterOsError('invalid query', trapCategory.api);
    return top;
  };
  for (const operation of operations.match(/\d+|[!&|.]/g) ?? []) {
    if (operation === '!') {
      const only = popped();
      stack.push((row) => !only(row));
    } else if (operation === '&' || operation === '|') {
      const [second, first] = [popped(), popped()];
      stack.push(operation === '&' ? (row) => first(row) && second(row) : (row) => first(row) || second(row));
    } else {
      // An index copies that entry to the top; a dot copies the top.
      const copied = stack[operation === '.' ? stack.length - 1 : Number(operation)];
      if (!copied) throw new RouterOsError('invalid query', trapCategory.api);
      stack.push(copied);
    }
  }
};

/** The `?` words of a sentence, without the `?`: a small stack machine. Null where there are none. */
export const readQuery = (words: readonly string[]): Test | null => {
  if (words.length === 0) return null;
  const stack: Test[] = [];
  for (const word of words) {
    if (word.startsWith('#')) operate(stack, word.slice(1));
    else stack.push(test(word));
  }
  return (row) => stack.every((each) => each(row));
};
