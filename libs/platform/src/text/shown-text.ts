/** Control characters, line separators, and what makes text read in another order than it is written. */
const deceptive = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** No line of its own, no header, no other order: what others have written stays within its place. */
export const oneLine = (text: string): string => text.replace(deceptive, ' ').replace(/ {2,}/g, ' ').trim();

const codeOf = (character: string): string => (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');

/** Lines and tabs stay; whatever else could hide how a text reads is shown by its number. */
export const shownLines = (text: string): readonly string[] =>
  text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.replace(deceptive, (character) => (character === '\t' ? character : `<U+${codeOf(character)}>`)));

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For the content of an HTML element, and for a quoted attribute. */
export const escapedHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
