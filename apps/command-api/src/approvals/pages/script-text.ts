import { html, type Html, shownLines } from '@scheduled-scripts/platform';
import { countInWords } from './words.js';

/** Of `<U+202E>`, which stands for a character that would have hidden how the line reads. */
const shownByNumber = /(<U\+[0-9A-F]{4,6}>)/;

const marked = (line: string): readonly Html[] =>
  line.split(shownByNumber).map((part, index) => (index % 2 === 1 ? html`<mark>${part}</mark>` : html`${part}`));

const linesOf = (script: string): readonly string[] => {
  const lines = shownLines(script);
  return lines.length > 1 && lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};

/** The source as it will run. The numbers are made by the style, so that nobody copies them along. */
export const scriptText = (script: string): { readonly size: string; readonly text: Html } => {
  const lines = linesOf(script);
  const size = `${countInWords(lines.length, 'line')}, ${countInWords(Buffer.byteLength(script), 'byte')}`;
  const shown = lines.map((line) => html`<span>${marked(line)}${'\n'}</span>`);
  return { size, text: html`<pre class="d${String(lines.length).length}">${shown}</pre>` };
};
