import type { SourceReader } from './source-reader.js';

/** How tightly each operator between two operands binds. */
export const binding = {
  or: 1,
  and: 2,
  in: 3,
  '=': 4,
  '!=': 4,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '~': 4,
  ',': 5,
  '.': 6,
  '|': 7,
  '^': 8,
  '&': 9,
  '<<': 10,
  '>>': 10,
  '+': 11,
  '-': 11,
  '*': 12,
  '/': 12,
  '%': 12,
  '->': 14,
} as const;
export const unaryBinding = 13;

export type BinaryOperator = keyof typeof binding;

export const isComparison = (operator: BinaryOperator): boolean => binding[operator] === binding['='];

const pattern = /->|&&|\|\||<<|>>|<=|>=|!=|[.,+\-*/%=<>~|^&]|(?:and|or|in)(?![\w-])/y;
// Among conditions a `.` or `-` starts the next one.
const patternAmongConditions = /&&|\|\||<=|>=|!=|[=<>~]|(?:and|or|in)(?![\w-])/y;
const otherSpellings: Readonly<Record<string, BinaryOperator>> = { '&&': 'and', '||': 'or' };

export const takeOperator = (reader: SourceReader, amongConditions: boolean): BinaryOperator | null => {
  const token = reader.take(amongConditions ? patternAmongConditions : pattern);
  return token === null ? null : (otherSpellings[token] ?? (token as BinaryOperator));
};
