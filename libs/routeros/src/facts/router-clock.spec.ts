import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { clockAt, clockMillis, gmtOffsetMillis } from './router-clock.js';

describe('a clock', () => {
  it.each([
    ['2026-11-24', '02:00:05', '2026-11-24T02:00:05Z'],
    ['nov/24/2026', '02:00:05', '2026-11-24T02:00:05Z'],
    ['Jan/02/1970', '00:00:00', '1970-01-02T00:00:00Z'],
  ])('%s %s is read', (date, time, iso) => {
    expect(clockMillis({ date, time })).toBe(Date.parse(iso));
  });

  it.each([
    ['', ''],
    ['foo/24/2026', '02:00:05'],
    ['2026-13-01', '02:00:05'],
    ['2026-11-24', 'noon'],
    ['2026-11-24', '02:00:05+01:00'],
    ['24.11.2026', '02:00:05'],
  ])('is not made up from %j %j', (date, time) => {
    expect(clockMillis({ date, time })).toBeNull();
  });

  it.each(['2000-01-01', 'jan/01/2000'])('is read as it was written, like %s', (date) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(clockMillis(clockAt(seconds * 1_000, { date, time: '' }))).toBe(seconds * 1_000);
      }),
    );
  });
});

describe('an offset', () => {
  it.each([
    ['+00:00', 0],
    ['+02:00', 7_200_000],
    ['-03:30', -12_600_000],
    ['', null],
    ['2h', null],
  ])('%j is %j ms', (text, millis) => {
    expect(gmtOffsetMillis(text)).toBe(millis);
  });
});
