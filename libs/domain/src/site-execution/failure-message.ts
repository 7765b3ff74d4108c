const longest = 500;
const earlierLinesApplied = ' (the lines before it are applied)';

/**
 * A router's words, or ours, as an event may hold them: one line, no control characters, at most 500 characters; null if nothing is
 * left. Doing it twice changes nothing.
 */
export const cleanMessage = (text: string | null): string | null => {
  const line = cut(oneLine(text ?? ''), longest);
  return line === '' ? null : line;
};

/** For `script_error`: RouterOS undoes nothing, and whoever reads the message has to know. */
export const scriptErrorMessage = (routerWords: string): string => {
  const words = oneLine(routerWords);
  const error = words === '' ? 'the script stopped with an error' : words;
  return `${cut(error, longest - earlierLinesApplied.length)}${earlierLinesApplied}`;
};

/** Lone surrogates become U+FFFD: no store and no browser could hold them. */
const oneLine = (text: string): string =>
  text
    .replaceAll(/\p{Surrogate}/gu, '\u{FFFD}')
    .replaceAll(/[\p{Control}\p{Format}\s]+/gu, ' ')
    .trim();

/** Never through the middle of a surrogate pair. */
const cut = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const kept = text.slice(0, length - 1);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
};
