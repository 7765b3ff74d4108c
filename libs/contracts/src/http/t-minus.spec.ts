import { describe, expect, it } from '@jest/globals';
import { asTimestamp } from '@scheduled-scripts/domain';
import { tMinus, tMinusForm } from './t-minus.js';

const launchAt = asTimestamp('2025-11-01T02:00:00.000000Z');
const launch = Date.parse('2025-11-01T02:00:00Z');
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('t_minus', () => {
  it.each([
    [0, 'now'],
    [999, 'now'],
    [-999, 'now'],
    [second, 'in 1 second'],
    [-second, '1 second ago'],
    [minute - 1, 'in 59 seconds'],
    [minute, 'in 1 minute'],
    [-3 * minute - 59 * second, '3 minutes ago'],
    [hour - 1, 'in 59 minutes'],
    [hour, 'in 1 hour'],
    [2 * hour - 1, 'in 1 hour'],
    [day - 1, 'in 23 hours'],
    [day, 'in 1 day'],
    [2 * day + 5 * hour, 'in 2 days'],
    [7 * day - 1, 'in 6 days'],
    [7 * day, 'in 1 week'],
    [-29 * day, '4 weeks ago'],
    [30 * day, 'in 1 month'],
    [364 * day, 'in 12 months'],
    [365 * day, 'in 1 year'],
    [-800 * day, '2 years ago'],
  ])('%i ms before launch: %s', (ahead, words) => {
    expect(tMinus(launchAt, launch - ahead)).toBe(words);
    expect(words).toMatch(tMinusForm);
  });

  it('counts the microseconds of the launch time', () => {
    expect(tMinus(asTimestamp('2025-11-01T02:00:00.000500Z'), launch + second)).toBe('now');
    expect(tMinus(asTimestamp('2025-11-01T02:00:00.999500Z'), launch)).toBe('now');
  });
});
