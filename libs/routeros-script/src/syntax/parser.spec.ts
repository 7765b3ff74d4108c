import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { scriptText } from '../testing/script-text.js';
import type { Branch, SyntaxNode } from './nodes.js';
import { isBranch, leavesOf } from './nodes.js';
import { parseScript } from './parser.js';

const textOf = (node: SyntaxNode): string => [...leavesOf(node)].map(({ text }) => text).join('');

const tagged = (source: string): readonly string[] =>
  [...leavesOf(parseScript(source))].filter(({ kind }) => kind !== 'space').map(({ kind, text }) => `${kind} ${text}`);

function expectWhole(source: string): void {
  const tree = parseScript(source);
  expect(textOf(tree)).toBe(source);
  let at = 0;
  let byte = 0;
  for (const leaf of leavesOf(tree)) {
    if (leaf.start !== at || leaf.startByte !== byte || leaf.text === '') throw new Error(`gap, overlap or empty leaf at ${at}`);
    at = leaf.end;
    byte = leaf.endByte;
  }
  expect([at, byte]).toEqual([source.length, new TextEncoder().encode(source).length]);
}

const spansFit = (branch: Branch): boolean =>
  branch.children.every((child, index) => {
    const before = branch.children[index - 1];
    return child.start === (before?.end ?? branch.start) && child.end <= branch.end && (!isBranch(child) || spansFit(child));
  });

describe('the tree of a script', () => {
  it('holds every byte of any text in exactly one leaf', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), expectWhole), { numRuns: 150 });
  });

  it('holds every byte of text that looks like a script in exactly one leaf', () => {
    fc.assert(fc.property(scriptText, expectWhole), { numRuns: 200 });
  });

  it('gives every branch the span of its children', () => {
    fc.assert(
      fc.property(scriptText, (source) => {
        expect(spansFit(parseScript(source))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps lone surrogates and wide characters whole', () => {
    expectWhole('put "\ud800 \u{1f600} é" \udc00\\');
  });

  it.each(['[', '(', '{', '"$[', '{ :if (a) do={', 'a=', '$', '\\', ';[}', 'a b=[('])('takes 60 kB of %j', (piece) => {
    expectWhole(piece.repeat(Math.ceil(60_000 / piece.length)));
  });

  it.each([
    ['[', ']'],
    ['(', ')'],
    [':do {', '}'],
    ['"$[', ']"'],
  ])('takes brackets 2 000 deep: %s', (open, close) => {
    expectWhole(`:put 1\n${open.repeat(2000)}x${close.repeat(2000)}\n:put 2`);
  });

  it('reads a path with slashes as the path with spaces', () => {
    const kinds = ['menu /ip', 'menu firewall', 'menu filter', 'verb add', 'name chain', 'equals =', 'word input'];
    expect(tagged('/ip firewall filter add chain=input')).toEqual(kinds);
    expect(tagged('/ip/firewall/filter/add chain=input').map((leaf) => leaf.replace(/ \/(?!ip)/, ' '))).toEqual(kinds);
  });

  it('reads strings with variables and commands in them', () => {
    expect(tagged(':put "a $b $[:len "c"]\\n"')).toEqual([
      'verb :put',
      'quote "',
      'text a ',
      'variable $b',
      'text  ',
      'dollar $',
      'open [',
      'verb :len',
      'quote "',
      'text c',
      'quote "',
      'close ]',
      'escape \\n',
      'quote "',
    ]);
  });

  it('reads a value that an export broke onto the next line', () => {
    const parameter = parseScript('add comment=\\\n    "x" list=y').children[0];
    expect(parameter && isBranch(parameter) ? parameter.children.filter(isBranch).map(textOf) : []).toEqual([
      'comment=\\\n    "x"',
      'list=y',
    ]);
  });

  it('reads a comment only where a command could begin', () => {
    expect(tagged('# a\nput #b; # c')).toEqual(['comment # a', 'newline \n', 'verb put', 'word #b', 'separator ;', 'comment # c']);
  });

  it('keeps what it does not know', () => {
    expect(tagged('put 1 }')).toEqual(['verb put', 'word 1', 'unknown }']);
    expect(tagged('put \u0000')).toEqual(['verb put', 'unknown \u0000']);
  });
});
