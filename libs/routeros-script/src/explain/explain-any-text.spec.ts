import { describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { scriptText } from '../testing/script-text.js';
import { explainScript } from './explain-script.js';

const bounded = (text: string, maxLength: number): void => {
  const told = explainScript(text, { maxLength });
  expect(told.length).toBeLessThanOrEqual(maxLength);
  expect(told).toMatch(/^This script [^\p{C}\p{Zl}\p{Zp}]+[.…]$/u);
  expect(explainScript(text, { maxLength })).toBe(told);
};

/** Every look at the text, or at a word, is by a regular expression. */
const countingSteps = (work: () => unknown): number => {
  const looks = jest.spyOn(RegExp.prototype, 'exec');
  try {
    work();
    return looks.mock.calls.length;
  } finally {
    looks.mockRestore();
  }
};

describe('an explanation of whatever text', () => {
  it('has one bounded sentence or more for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 20, max: 700 }), bounded), { numRuns: 100 });
    fc.assert(fc.property(scriptText, fc.integer({ min: 20, max: 700 }), bounded), { numRuns: 150 });
  });

  it.each(['[', ':if (a) do={', '/ip firewall filter add chain=input\n/ip address remove x\n', 'put "$['])(
    'explains 60 kB of %j',
    (piece) => {
      bounded(piece.repeat(Math.ceil(60_000 / piece.length)), 600);
    },
  );

  it.each([
    '[',
    'a b=c;',
    '{ :if (a) do={',
    '"$[',
    'put "a" . ',
    '/a1 add\n/a2 add\n',
    ':foreach i in=[/interface find] do={',
    '/system script add source="/ip address add address=1.1.1.1"\n',
    '/ip firewall filter add chain=input src-address=1.1.1.1 comment="\\"',
    '$f a=b\n',
  ])('takes steps in proportion to its length, with %j', (piece) => {
    const stepsFor = (length: number): number => countingSteps(() => explainScript(piece.repeat(Math.ceil(length / piece.length))));
    expect(stepsFor(20_000) / stepsFor(5_000)).toBeLessThan(5);
  });

  it('explains blocks 2 000 deep', () => {
    bounded(':do {'.repeat(2000) + '/system reboot' + '}'.repeat(2000), 600);
  });
});
