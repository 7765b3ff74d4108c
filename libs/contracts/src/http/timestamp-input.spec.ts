import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parseTimestamp } from './timestamp-input.js';

describe('a timestamp from outside', () => {
  it.each([
    ['2025-11-01T02:00:00Z', '2025-11-01T02:00:00.000000Z'],
    ['2025-11-01t02:00:00z', '2025-11-01T02:00:00.000000Z'],
    ['2025-11-01T02:00:00.5+02:00', '2025-11-01T00:00:00.500000Z'],
    ['2025-11-01T02:00:00.123456Z', '2025-11-01T02:00:00.123456Z'],
    ['2025-11-01T02:00:00.1234569Z', '2025-11-01T02:00:00.123456Z'],
    ['2025-12-31T23:30:00-01:00', '2026-01-01T00:30:00.000000Z'],
    ['2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000000Z'],
    ['2025-01-01T00:00:00+23:59', '2024-12-31T00:01:00.000000Z'],
  ])('%s is %s', (text, expected) => {
    expect(parseTimestamp(text)).toBe(expected);
  });

  it.each([
    '2025-11-01',
    '2025-11-01T02:00:00',
    '2025-11-01 02:00:00Z',
    '2025-11-01T02:00Z',
    '2025-02-29T00:00:00Z',
    '2025-04-31T00:00:00Z',
    '2025-13-01T00:00:00Z',
    '2025-00-10T00:00:00Z',
    '2025-11-01T24:00:00Z',
    '2025-11-01T02:60:00Z',
    '2016-12-31T23:59:60Z',
    '2025-11-01T02:00:00.Z',
    '2025-11-01T02:00:00+24:00',
    '2025-11-01T02:00:00+0200',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '12025-11-01T02:00:00Z',
    ' 2025-11-01T02:00:00Z',
    '2025-11-01T02:00:00Z\n',
    '',
  ])('%j is refused', (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });

  it('keeps the instant and its microseconds whatever the offset', () => {
    const offset = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });
    const seconds = fc.integer({ min: Date.parse('1971-01-01T00:00:00Z') / 1_000, max: Date.parse('2400-01-01T00:00:00Z') / 1_000 });
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 999_999 }), offset, (at, micros, minutes) => {
        const local = new Date((at + minutes * 60) * 1_000).toISOString().slice(0, 19);
        const fraction = String(micros).padStart(6, '0');
        const hoursPart = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0');
        const minutesPart = String(Math.abs(minutes) % 60).padStart(2, '0');
        const parsed = parseTimestamp(`${local}.${fraction}${minutes < 0 ? '-' : '+'}${hoursPart}:${minutesPart}`);
        expect(parsed).toBe(`${new Date(at * 1_000).toISOString().slice(0, 19)}.${fraction}Z`);
      }),
    );
  });
});
