import { escapedHtml, oneLine, shownLines } from '@scheduled-scripts/platform';

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
      return shownLines(part.text)
        .map((line) => `    ${line}`)
        .join('\n');
    default:
      return part satisfies never;
  }
};

const inHtml = (text: string): string => escapedHtml(oneLine(text));

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
      return `<pre style="border:1px solid;padding:1em;overflow:auto">${escapedHtml(shownLines(part.text).join('\n'))}</pre>`;
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
