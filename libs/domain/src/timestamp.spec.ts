import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { addMillis, asTimestamp, firstMillisNotBefore, millisOf, timestampOfMillis } from './timestamp.js';

/** The years in which the form keeps its length. */
const millis = fc.integer({ min: 0, max: Date.parse('9999-12-31T23:59:59.999Z') });

describe('timestamps', () => {
  it('have one form', () => {
    expect(asTimestamp('2025-10-30T10:00:00.123456Z')).toBe('2025-10-30T10:00:00.123456Z');
    for (const text of ['2025-10-30T10:00:00Z', '2025-10-30T10:00:00.123Z', '2025-10-30T12:00:00.000000+02:00', '']) {
      expect(() => asTimestamp(text)).toThrow(RangeError);
    }
  });

  it('compare as text as they do in time', () => {
    fc.assert(
      fc.property(millis, millis, (one, other) => {
        expect(timestampOfMillis(one) < timestampOfMillis(other)).toBe(one < other);
        expect(millisOf(timestampOfMillis(one))).toBe(one);
      }),
    );
  });

  it('keep their microseconds when they are moved', () => {
    expect(addMillis(asTimestamp('2025-12-31T23:59:59.999123Z'), 1)).toBe('2026-01-01T00:00:00.000123Z');
    expect(addMillis(asTimestamp('2026-01-01T00:00:00.000123Z'), -1)).toBe('2025-12-31T23:59:59.999123Z');
  });

  it('may be acted on at the first millisecond that is not before', () => {
    const at = asTimestamp('2025-10-30T10:00:00.123000Z');
    expect(firstMillisNotBefore(at)).toBe(millisOf(at));
    expect(firstMillisNotBefore(asTimestamp('2025-10-30T10:00:00.123001Z'))).toBe(millisOf(at) + 1);
  });
});
