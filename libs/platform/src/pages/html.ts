import { escapedHtml } from '../text/shown-text.js';

/** Markup of ours, in which everything that is not has been escaped. */
export class Html {
  constructor(readonly markup: string) {}
}

type Part = Html | string | number | null | readonly Part[];

const markupOf = (part: Part): string => {
  if (part === null) return '';
  if (part instanceof Html) return part.markup;
  return typeof part === 'object' ? part.map(markupOf).join('') : escapedHtml(String(part));
};

/** Whatever is put in is text, unless it is `Html`; lists are put in one after the other, `null` is nothing. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(texts.map((text, index) => text + markupOf(parts[index] ?? null)).join(''));
