import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { later, parseUptime } from './router-time.js';
import { Unintelligible } from './unintelligible.js';

describe('an uptime', () => {
  it.each([
    ['0s', 0],
    ['59s', 59],
    ['3m', 180],
    ['1h2m3s', 3_723],
    ['1w2d3h4m5s', 788_645],
    ['52w', 31_449_600],
  ])('%s has %d seconds', (text, seconds) => {
    expect(parseUptime(text)).toBe(seconds);
  });

  it.each(['', '1', '1x', 's', '-1s', '1 s', '1h 2m', '00:01:02', 'never'])('is not made up from %j', (text) => {
    expect(() => parseUptime(text)).toThrow(Unintelligible);
  });
});

describe('a clock', () => {
  it.each([
    [
      { date: '2026-11-24', time: '02:00:05' },
      { date: '2026-11-24', time: '02:00:07' },
    ],
    [
      { date: '2026-12-31', time: '23:59:59' },
      { date: '2027-01-01', time: '00:00:01' },
    ],
    [
      { date: '2028-02-28', time: '23:59:58' },
      { date: '2028-02-29', time: '00:00:00' },
    ],
    [
      { date: 'nov/24/2026', time: '02:00:05' },
      { date: 'nov/24/2026', time: '02:00:07' },
    ],
    [
      { date: 'dec/31/2026', time: '23:59:58' },
      { date: 'jan/01/2027', time: '00:00:00' },
    ],
    [
      { date: 'Jan/02/1970', time: '00:00:00' },
      { date: 'jan/02/1970', time: '00:00:02' },
    ],
  ])('%j is %j two seconds later', (clock, expected) => {
    expect(later(clock, 2)).toEqual(expected);
  });

  it.each([
    { date: '', time: '' },
    { date: 'foo/24/2026', time: '02:00:05' },
    { date: '2026-13-01', time: '02:00:05' },
    { date: '2026-11-24', time: 'noon' },
  ])('is not made up from %j', (clock) => {
    expect(() => later(clock, 2)).toThrow(Unintelligible);
  });

  it('comes to the same in small steps', () => {
    const start = { date: 'feb/27/2028', time: '23:00:00' };
    fc.assert(
      fc.property(fc.nat(200_000), fc.nat(200_000), (one, other) => {
        expect(later(later(start, one), other)).toEqual(later(start, one + other));
      }),
      { numRuns: 200 },
    );
  });
});
