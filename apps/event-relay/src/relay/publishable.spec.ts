import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { publishable } from './publishable.js';

const messageOf = (size: number) => ({ id: 'id', topic: 'topic', key: 'key', headers: {}, value: 'ü'.repeat(size / 2) });

describe('publishable', () => {
  it('keeps all messages in order, in runs of bounded count and size', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 30 }), (sizes) => {
        const messages = sizes.map(messageOf);
        const runs = [...publishable(messages)];
        expect(runs.flat()).toEqual(messages);
        for (const run of runs) {
          const bytes = run.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0);
          expect(run.length > 0 && (run.length === 1 || bytes <= 768 * 1024)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('puts 500 small ones into a run, and a huge one into one of its own', () => {
    const small = Array.from({ length: 1_100 }, () => messageOf(100));
    expect([...publishable(small)].map(({ length }) => length)).toEqual([500, 500, 100]);
    expect([...publishable([messageOf(10), messageOf(2_000_000), messageOf(10)])].map(({ length }) => length)).toEqual([1, 1, 1]);
  });
});
