import { Duration } from './literal.js';
import type { BinaryOperator } from './operator-syntax.js';
import { ScriptError } from './script-error.js';
import { ArrayValue, sameValue, toBoolean, toNumber, toText, type Value } from './values.js';

export const asBoolean = (value: Value): boolean => {
  const answer = toBoolean(value);
  if (answer === null) throw new ScriptError('conditional not boolean');
  return answer;
};

const order = (left: Value, right: Value): number => {
  const [first, second] = [toNumber(left), toNumber(right)];
  if (first !== null && second !== null) return first - second;
  const [a, b] = [toText(left), toText(right)];
  return a < b ? -1 : a > b ? 1 : 0;
};

const addressNumber = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** `10.1.2.3 in 10.0.0.0/8`, or membership of a list. */
const isIn = (left: Value, right: Value): boolean => {
  if (right instanceof ArrayValue) return right.entries.some((entry) => sameValue(entry.value, left));
  const [network, bits] = toText(right).split('/');
  const size = 2 ** (32 - Number(bits ?? 32));
  const [address] = toText(left).split('/');
  return Math.floor(addressNumber(address ?? '') / size) === Math.floor(addressNumber(network ?? '') / size);
};

const matches = (left: Value, pattern: string): boolean => {
  try {
    const regex = new RegExp(pattern);
    return left instanceof ArrayValue ? left.entries.some((entry) => regex.test(toText(entry.value))) : regex.test(toText(left));
  } catch {
    throw new ScriptError('invalid regular expression');
  }
};

const numeric: Partial<Record<BinaryOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => Math.trunc(a / b),
  '%': (a, b) => a % b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
};

const verbs: Partial<Record<BinaryOperator, string>> = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide' };

const arithmetic = (operator: BinaryOperator, left: Value, right: Value): Value => {
  const [a, b] = [toNumber(left), toNumber(right)];
  const apply = numeric[operator];
  if (a === null || b === null || !apply)
    throw new ScriptError(`cannot ${verbs[operator] ?? 'combine'} ${toText(left)} and ${toText(right)}`);
  if ((operator === '/' || operator === '%') && b === 0) throw new ScriptError('division by zero');
  const result = apply(a, b);
  return left instanceof Duration || right instanceof Duration ? new Duration(result * 1000) : result;
};

const entriesOf = (value: Value): ArrayValue['entries'] =>
  value instanceof ArrayValue ? value.entries : value === undefined ? [] : [{ key: null, value }];

const append = (left: Value, right: Value): Value => {
  return new ArrayValue([...entriesOf(left), ...entriesOf(right)].map((entry) => ({ ...entry })));
};

/** `and` and `or` evaluate both sides, as RouterOS does. */
export const combine = (operator: BinaryOperator, left: Value, right: Value): Value => {
  switch (operator) {
    case '.':
      return toText(left) + toText(right);
    case ',':
      return append(left, right);
    case '->':
      return left instanceof ArrayValue ? left.at(right) : undefined;
    case 'and':
      return asBoolean(left) && asBoolean(right);
    case 'or':
      return asBoolean(left) || asBoolean(right);
    case '=':
      return sameValue(left, right);
    case '!=':
      return !sameValue(left, right);
    case '<':
      return order(left, right) < 0;
    case '>':
      return order(left, right) > 0;
    case '<=':
      return order(left, right) <= 0;
    case '>=':
      return order(left, right) >= 0;
    case '~':
      return matches(left, toText(right));
    case 'in':
      return isIn(left, right);
    default:
      return arithmetic(operator, left, right);
  }
};

export const negate = (operator: '!' | '-' | '~' | 'any', value: Value): Value => {
  if (operator === 'any') return value !== undefined && !(value instanceof ArrayValue && value.entries.length === 0);
  if (operator === '!') return !asBoolean(value);
  const number = toNumber(value);
  if (number === null) throw new ScriptError('cannot negate');
  if (operator === '~') return ~number;
  return value instanceof Duration ? new Duration(-value.milliseconds) : -number;
};
