import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { formatClockDuration, formatDate, formatDuration, parseDate, parseDuration } from './router-time.js';

describe('times', () => {
  it.each([
    [0, '0s', '00:00:00'],
    [5_000, '5s', '00:00:05'],
    [200, '200ms', '00:00:00.200'],
    [788_645_000, '1w2d3h4m5s', '1w2d03:04:05'],
    [604_800_000, '1w', '1w00:00:00'],
  ])('%i ms is %s, or %s', (milliseconds, words, clock) => {
    expect(formatDuration(milliseconds)).toBe(words);
    expect(formatClockDuration(milliseconds)).toBe(clock);
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
        expect(parseDuration(formatClockDuration(milliseconds))).toBe(milliseconds);
      }),
    );
  });

  it.each(['', 'x', '5', '1h5', '5m1h', '1:2:3:4'])('takes %j for no time', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it('writes and reads dates in both spellings', () => {
    const instant = Date.UTC(2025, 10, 1, 2, 0, 5);
    expect(formatDate(instant, true)).toBe('2025-11-01');
    expect(formatDate(instant, false)).toBe('nov/01/2025');
    expect(parseDate('2025-11-01')).toBe(Date.UTC(2025, 10, 1));
    expect(parseDate('nov/01/2025')).toBe(Date.UTC(2025, 10, 1));
    expect(parseDate('foo/01/2025')).toBeNull();
  });
});
