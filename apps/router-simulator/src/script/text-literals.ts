import type { SourceReader } from './source-reader.js';

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  _: ' ',
};

/** Reads a backslash and what it stands for, inside quotes. */
export const readEscape = (reader: SourceReader): string => {
  const start = reader.offset;
  if (reader.take(/\\\r?\n[ \t]*/y) !== null) return '';
  const hex = reader.take(/\\[0-9A-F]{2}/y);
  if (hex !== null) return String.fromCharCode(Number.parseInt(hex.slice(1), 16));
  const plain = reader.take(/\\[nrtabfv_"\\$?]/y);
  if (plain === null) return reader.fail('syntax error', start);
  const letter = plain.slice(1);
  return escapes[letter] ?? letter;
};

/** The text between braces, for parameters that hold script text; braces inside quotes do not count. */
export const readBracedText = (reader: SourceReader): string => {
  const start = reader.offset + 1;
  let depth = 0;
  while (!reader.done) {
    const piece = reader.take(/"(?:[^"\\]|\\[\s\S])*"|[^{}"]+|[\s\S]/y);
    if (piece === '{') depth += 1;
    if (piece === '}') depth -= 1;
    if (depth === 0) return reader.text.slice(start, reader.offset - 1);
  }
  return reader.fail('missing closing brace');
};
