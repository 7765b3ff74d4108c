import { formatClockDuration, parseDuration } from '../router/router-time.js';
import { Duration, fromWord, ItemId, type Literal } from './literal.js';
import type { Statement } from './syntax-tree.js';

/** Lists and maps are one type: an entry has a key or it does not. */
export class ArrayValue {
  constructor(readonly entries: { key: string | null; value: Value }[] = []) {}

  static of(values: readonly Value[]): ArrayValue {
    return new ArrayValue(values.map((value) => ({ key: null, value })));
  }

  /** By key, or by position among all entries. */
  at(index: Value): Value {
    if (typeof index === 'number') return this.entries[index]?.value;
    const key = toText(index);
    return this.entries.find((entry) => entry.key === key)?.value;
  }

  with(index: Value, value: Value): void {
    const key = typeof index === 'number' ? null : toText(index);
    const entry = key === null ? this.entries[Number(index)] : this.entries.find((candidate) => candidate.key === key);
    if (entry) entry.value = value;
    else this.entries.push({ key, value });
  }
}

/** What `do={…}` and `:parse` give: run later, with arguments. */
export class CodeValue {
  constructor(
    readonly body: readonly Statement[],
    /** How `:put` shows it. */
    readonly text: string,
    /** A `:parse` that failed still gives code: running it raises this. */
    readonly error: string | null = null,
  ) {}
}

/** Closes a `switch` over a union. */
export const unreachable = (value: never): never => {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
};

/** What an expression gives. */
export type Value = Literal | ArrayValue | CodeValue;

export const typeName = (value: Value): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return /^\d+\.\d+\.\d+\.\d+$/.test(value) ? 'ip' : 'str';
  if (typeof value === 'number') return 'num';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof Duration) return 'time';
  if (value instanceof ItemId) return 'id';
  return value instanceof ArrayValue ? 'array' : 'code';
};

export const toText = (value: Value): string => {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Duration) return formatClockDuration(value.milliseconds);
  if (value instanceof ItemId) return value.text;
  if (value instanceof CodeValue) return '(code)';
  return value.entries.map((entry) => (entry.key === null ? '' : `${entry.key}=`) + toText(entry.value)).join(';');
};

/** As an argument of a menu command: lists are joined by commas there. */
export const toArgument = (value: Value): string => {
  if (value instanceof ArrayValue) return value.entries.map((entry) => toArgument(entry.value)).join(',');
  return toText(value);
};

const textProperties = new Set(['name', 'comment', 'source', 'on-event', 'list', 'message', 'script', 'contents', 'policy']);

/** A property of a row as a value: names and texts stay text, whatever they look like. */
export const fromProperty = (name: string, text: string | undefined): Value =>
  text === undefined || textProperties.has(name) ? text : fromWord(text);

export const toNumber = (value: Value): number | null => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Duration) return value.milliseconds / 1000;
  const word = typeof value === 'string' ? value.trim() : '';
  if (/^-?\d+$/.test(word)) return Number(word);
  return /^0x[0-9a-f]+$/i.test(word) ? Number.parseInt(word, 16) : null;
};

export const toBoolean = (value: Value): boolean | null => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string') return null;
  return value === 'true' || value === 'yes' ? true : value === 'false' || value === 'no' ? false : null;
};

export const toDuration = (value: Value): Duration | null => {
  if (value instanceof Duration) return value;
  const milliseconds = typeof value === 'number' ? value * 1000 : parseDuration(toText(value), true);
  return milliseconds === null ? null : new Duration(milliseconds);
};

/** Text compares with a time or a truth value by what it says: `5m` is `00:05:00`. */
export const sameValue = (left: Value, right: Value): boolean => {
  if (left instanceof Duration || right instanceof Duration) return toDuration(left)?.milliseconds === toDuration(right)?.milliseconds;
  if (typeof left === 'boolean' || typeof right === 'boolean') return toBoolean(left) === toBoolean(right);
  return toText(left) === toText(right);
};
