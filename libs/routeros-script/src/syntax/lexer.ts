/** What the source holds at one place, outside strings. Every kind is at least one character long, except `end`. */
export type TokenKind =
  | 'end'
  | 'space'
  | 'newline'
  | 'continuation'
  | 'separator'
  | 'word'
  | 'equals'
  | 'variable'
  | 'dollar'
  | 'quote'
  | 'open'
  | 'close'
  | 'unknown';

export interface Token<Kind extends string = TokenKind> {
  readonly kind: Kind;
  readonly text: string;
}

const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /[ \t]+/y],
  ['newline', /\r\n|\n|\r/y],
  ['continuation', /\\(?:\r\n|\n|\r)[ \t]*/y],
  ['separator', /;/y],
  ['equals', /=/y],
  ['variable', /\$[A-Za-z0-9_]+/y],
  ['dollar', /\$(?=["[(])/y],
  ['quote', /"/y],
  ['open', /[([{]/y],
  ['close', /[)\]}]/y],
  ['word', /[^\p{Cc}\s;="$\\()[\]{}]+/uy],
];

const stringPatterns: readonly (readonly [StringTokenKind, RegExp])[] = [
  ['quote', /"/y],
  ['continuation', /\\(?:\r\n|\n|\r)[ \t]*/y],
  ['escape', /\\(?:[0-9A-F]{2}|[^])/uy],
  ['variable', /\$[A-Za-z0-9_]+/y],
  ['dollar', /\$(?=["[(])/y],
  ['text', /[^"\\$]+|\$/uy],
  ['unknown', /\\/y],
];

export type StringTokenKind = 'end' | 'quote' | 'continuation' | 'escape' | 'variable' | 'dollar' | 'text' | 'unknown';

const comment = /#[^\r\n]*/y;

function matchAt(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

function firstOf<Kind extends string>(rules: readonly (readonly [Kind, RegExp])[], source: string, at: number): Token<Kind> | null {
  for (const [kind, pattern] of rules) {
    const text = matchAt(pattern, source, at);
    if (text !== null) return { kind, text };
  }
  return null;
}

const wholeCharacter = (source: string, at: number): string => String.fromCodePoint(source.codePointAt(at) ?? 0);

export function tokenAt(source: string, at: number): Token {
  if (at >= source.length) return { kind: 'end', text: '' };
  return firstOf(patterns, source, at) ?? { kind: 'unknown', text: wholeCharacter(source, at) };
}

export function stringTokenAt(source: string, at: number): Token<StringTokenKind> {
  if (at >= source.length) return { kind: 'end', text: '' };
  return firstOf(stringPatterns, source, at) ?? { kind: 'unknown', text: wholeCharacter(source, at) };
}

/** A comment is one only where a command could begin; elsewhere the sign is part of a word. */
export const commentAt = (source: string, at: number): string | null => matchAt(comment, source, at);
