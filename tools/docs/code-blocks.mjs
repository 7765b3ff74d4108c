// The programs in our documents, so that tests run what a reader copies.
import { readFileSync } from 'node:fs';

/** The one block of a Markdown file whose fence names `file`, as in "```ts consumer.ts". */
export const codeBlock = (document, file) => {
  const text = readFileSync(document, 'utf8');
  const blocks = [...text.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)].filter(([, name]) => name === file);
  if (blocks.length !== 1) throw new Error(`${document} should hold one block named ${file} and holds ${blocks.length}`);
  return blocks[0][2];
};

/** The rows of the one table of a Markdown file that has these columns, each as an array of cells without their marks. */
export const tableRows = (document, columns) => {
  const head = `| ${columns.join(' | ')} |`;
  const lines = readFileSync(document, 'utf8').split('\n');
  const at = lines.indexOf(head);
  if (at < 0) throw new Error(`${document} has no table with the columns ${columns.join(', ')}`);
  const end = lines.findIndex((line, index) => index > at && !line.startsWith('|'));
  return lines.slice(at + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
};
