/** A letter in parts, so that its text and its HTML say the same, and what others have written is made harmless in one place. */
export interface Letter {
  readonly subject: string;
  /** For what somebody has to act upon tonight. */
  readonly urgent: boolean;
  readonly parts: readonly Part[];
}

export type Part =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Text of many lines, such as a script. */
  | { readonly kind: 'verbatim'; readonly text: string };

export interface RenderedLetter {
  readonly subject: string;
  readonly urgent: boolean;
  readonly text: string;
  readonly html: string;
}

/** Control characters, line separators, and what makes text read in another order than it is written. */
const deceptive = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** No line of its own, no header, no other order: what a description says stays within its place. */
export const oneLine = (text: string): string => text.replace(deceptive, ' ').replace(/ {2,}/g, ' ').trim();

const codeOf = (character: string): string => (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');

/** Lines and tabs stay; whatever else could hide what a script does is shown by its number. */
const verbatimLines = (text: string): readonly string[] =>
  text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.replace(deceptive, (character) => (character === '\t' ? character : `<U+${codeOf(character)}>`)));

const textOf = (part: Part): string => {
  switch (part.kind) {
    case 'paragraph':
      return oneLine(part.text);
    case 'facts':
      return part.facts.map(([label, value]) => `${label}: ${oneLine(value)}`).join('\n');
    case 'list':
      return part.items.map((item) => `- ${oneLine(item)}`).join('\n');
    case 'verbatim':
      // Set in, so that no line of it passes for one of ours.
      return verbatimLines(part.text)
        .map((line) => `    ${line}`)
        .join('\n');
    default:
      return part satisfies never;
  }
};

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
const inHtml = (text: string): string => escaped(oneLine(text));

const htmlOf = (part: Part): string => {
  switch (part.kind) {
    case 'paragraph':
      return `<p>${inHtml(part.text)}</p>`;
    case 'facts':
      return `<table>\n${part.facts
        .map(([label, value]) => `<tr><th align="left" valign="top">${inHtml(label)}</th><td>${inHtml(value)}</td></tr>`)
        .join('\n')}\n</table>`;
    case 'list':
      return `<ul>\n${part.items.map((item) => `<li>${inHtml(item)}</li>`).join('\n')}\n</ul>`;
    case 'verbatim':
      return `<pre style="border:1px solid;padding:1em;overflow:auto">${escaped(verbatimLines(part.text).join('\n'))}</pre>`;
    default:
      return part satisfies never;
  }
};

export const render = ({ subject, urgent, parts }: Letter): RenderedLetter => ({
  subject: oneLine(subject),
  urgent,
  text: `${parts.map(textOf).join('\n\n')}\n`,
  html: `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"></head>\n<body>\n${parts.map(htmlOf).join('\n')}\n</body>\n</html>\n`,
});
