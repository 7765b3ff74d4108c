import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeLength, encodeLength } from './word-length.js';

describe('lengths of words', () => {
  it.each([
    [0, '00'],
    [1, '01'],
    [0x7f, '7f'],
    [0x80, '8080'],
    [0x3fff, 'bfff'],
    [0x4000, 'c04000'],
    [0x1f_ffff, 'dfffff'],
    [0x20_0000, 'e0200000'],
    [0xfff_ffff, 'efffffff'],
    [0x1000_0000, 'f010000000'],
    [0xffff_ffff, 'f0ffffffff'],
  ])('writes and reads %i as %s', (length, hex) => {
    expect(encodeLength(length).toString('hex')).toBe(hex);
    expect(decodeLength(Buffer.from(hex, 'hex'), 0)).toEqual({ length, bytes: hex.length / 2 });
  });

  it('reads back what it wrote, at any offset', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), fc.uint8Array({ maxLength: 5 }), (length, before) => {
        const bytes = encodeLength(length);
        const decoded = decodeLength(Buffer.concat([before, bytes, Buffer.from([7])]), before.length);
        expect(decoded).toEqual({ length, bytes: bytes.length });
      }),
    );
  });

  it('asks for more while bytes are missing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0x80, max: 0xffff_ffff }), (length) => {
        const bytes = encodeLength(length);
        for (let have = 0; have < bytes.length; have += 1) expect(decodeLength(bytes.subarray(0, have), 0)).toBe('incomplete');
      }),
    );
  });

  it('knows the reserved control bytes', () => {
    for (let first = 0xf8; first <= 0xff; first += 1) expect(decodeLength(Buffer.from([first, 0, 0, 0, 0]), 0)).toBe('reserved');
  });
});
