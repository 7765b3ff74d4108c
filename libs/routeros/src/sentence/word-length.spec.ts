import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeLength, encodeLength, ProtocolViolation } from './word-length.js';

const hex = (length: number) => encodeLength(length).toString('hex');

describe('the length of a word', () => {
  it.each([
    [0, '00'],
    [0x7f, '7f'],
    [0x80, '8080'],
    [0x3fff, 'bfff'],
    [0x4000, 'c04000'],
    [0x1fffff, 'dfffff'],
    [0x200000, 'e0200000'],
    [0xfffffff, 'efffffff'],
    [0x10000000, 'f010000000'],
    [0xffffffff, 'f0ffffffff'],
  ])('of %d bytes is written %s', (length, expected) => {
    expect(hex(length)).toBe(expected);
  });

  it('is read as it was written, in all five forms and at any place', () => {
    const lengths = fc.oneof(
      ...[0x7f, 0x3fff, 0x1fffff, 0xfffffff, 0xffffffff].map((max, form, all) =>
        fc.integer({ min: form === 0 ? 0 : (all[form - 1] ?? 0) + 1, max }),
      ),
    );
    fc.assert(
      fc.property(lengths, fc.uint8Array({ maxLength: 5 }), fc.uint8Array({ maxLength: 5 }), (length, before, after) => {
        const bytes = encodeLength(length);
        expect(decodeLength(Buffer.concat([before, bytes, after]), before.length)).toEqual({ value: length, size: bytes.length });
      }),
    );
  });

  it('is not known before its last byte is there', () => {
    for (const length of [0, 0x80, 0x4000, 0x200000, 0x10000000]) {
      const bytes = encodeLength(length);
      for (let end = 0; end < bytes.length; end += 1) expect(decodeLength(bytes.subarray(0, end), 0)).toBeNull();
    }
  });

  it('may come in a longer form than needed', () => {
    expect(decodeLength(Buffer.from('f000000003', 'hex'), 0)).toEqual({ value: 3, size: 5 });
    expect(decodeLength(Buffer.from('8003', 'hex'), 0)).toEqual({ value: 3, size: 2 });
  });

  it('never begins with a reserved byte', () => {
    for (let first = 0xf1; first <= 0xff; first += 1) {
      expect(() => decodeLength(Buffer.from([first, 0, 0, 0, 0]), 0)).toThrow(ProtocolViolation);
    }
  });

  it.each([-1, 1.5, 2 ** 32, Number.NaN])('cannot be %d', (length) => {
    expect(() => encodeLength(length)).toThrow(RangeError);
  });
});
