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
  /** Where the approver goes: for each one another address, which is not known before the letter is sent. */
  | { readonly kind: 'approval-link' }
  /** Text of many lines, such as a script. */
  | { readonly kind: 'verbatim'; readonly text: string };

export interface RenderedLetter {
  readonly subject: string;
  readonly urgent: boolean;
  readonly text: string;
  readonly html: string;
}

/** Stands for the link until the letter is sent. Nobody's words can hold it: what is deceptive has been taken out of them. */
const linkMark = '\u0001';

const textOf = (part: Part): string => {
  switch (part.kind) {
    case 'paragraph':
      return oneLine(part.text);
    case 'facts':
      return part.facts.map(([label, value]) => `${label}: ${oneLine(value)}`).join('\n');
    case 'list':
      return part.items.map((item) => `- ${oneLine(item)}`).join('\n');
    case 'approval-link':
      return `Look at it, and approve it:\n${linkMark}`;
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
        .map(
          ([label, value]) =>
            `<tr><th align="left" valign="top" style="padding-right:1em;font-weight:normal;color:#565d66">${inHtml(label)}</th><td>${inHtml(value)}</td></tr>`,
        )
        .join('\n')}\n</table>`;
    case 'list':
      return `<ul>\n${part.items.map((item) => `<li>${inHtml(item)}</li>`).join('\n')}\n</ul>`;
    case 'approval-link':
      return `<p><a href="${linkMark}" style="${button}">Look at it, and approve it</a></p>\n<p style="${quiet}">${linkMark}</p>`;
    case 'verbatim':
      return `<pre style="border:1px solid #dcdfdb;padding:1em;white-space:pre-wrap;overflow-wrap:anywhere">${escapedHtml(shownLines(part.text).join('\n'))}</pre>`;
    default:
      return part satisfies never;
  }
};

const button =
  'display:inline-block;padding:12px 24px;border-radius:6px;background:#115e45;color:#ffffff;font-weight:600;text-decoration:none';
const quiet = 'font-size:12px;color:#565d66;word-break:break-all';

/** The letter to one approver. */
export const withLink = <Rendered extends Pick<RenderedLetter, 'text' | 'html'>>(letter: Rendered, link: string): Rendered => ({
  ...letter,
  text: letter.text.replaceAll(linkMark, () => link),
  html: letter.html.replaceAll(linkMark, () => escapedHtml(link)),
});

export const render = ({ subject, urgent, parts }: Letter): RenderedLetter => ({
  subject: oneLine(subject),
  urgent,
  text: `${parts.map(textOf).join('\n\n')}\n`,
  html: `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"></head>\n<body style="font-family:sans-serif;line-height:1.5;max-width:48em">\n${parts.map(htmlOf).join('\n')}\n</body>\n</html>\n`,
});
