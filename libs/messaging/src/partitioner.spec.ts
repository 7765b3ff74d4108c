import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { murmur2, partitionOf } from './partitioner.js';

describe('murmur2', () => {
  it.each([
    // The vectors of Kafka's own UtilsTest.
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %s is what Kafka says', (key, hash) => {
    expect(murmur2(new TextEncoder().encode(key))).toBe(hash);
  });
});

describe('partitionOf', () => {
  it('is one of the partitions, whatever the key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 64 }), (key, partitions) => {
        const partition = partitionOf(key, partitions);
        expect(partition).toBe(partitionOf(key, partitions));
        expect(partition >= 0 && partition < partitions).toBe(true);
      }),
    );
  });
});
