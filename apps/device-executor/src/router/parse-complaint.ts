/** `syntax error (line 3 column 7)`: all that `:parse` answers where it cannot make a program of the text. */
const unreadable = /^(?!\()[^\n]*\(line \d+ column \d+\)[^\n]*$/;

/**
 * A command or parameter that this router does not have, within the program: the script would stop there, the lines before it applied.
 * Only in statements that are always reached; others may be guarded by a condition or by `on-error`.
 */
const unknownName = /(?:^|\)[;\n])\((?:<%%|evl) (bad (?:command name|parameter) [^()\n]*\(line \d+ column \d+\))/;

/** What `:put [:parse …]` has to say against a script, with line and column, or `null`. Names are checked by it, values are not. */
export const complaintOf = (parsed: string): string | null => {
  const answer = parsed.replaceAll('\r', '').trim();
  return unreadable.exec(answer)?.[0] ?? unknownName.exec(answer)?.[1] ?? null;
};
