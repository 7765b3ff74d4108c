import { describe, expect, it } from '@jest/globals';
import { nextRun } from './schedule.js';

const day = Date.UTC(2025, 10, 1);
const hour = 3_600_000;
const at = (time: string, interval = '0s'): Record<string, string> => ({ 'start-date': '2025-11-01', 'start-time': time, interval });

describe('when a schedule fires next', () => {
  it('is once, at its hour, without an interval', () => {
    expect(nextRun(at('02:00:00'), day, 0)).toBe(day + 2 * hour);
    expect(nextRun(at('02:00:00'), day + 2 * hour, 0)).toBeNull();
  });

  it('is every interval from its hour on', () => {
    expect(nextRun(at('02:00:00', '1h'), day, 0)).toBe(day + 2 * hour);
    expect(nextRun(at('02:00:00', '1h'), day + 2 * hour, 0)).toBe(day + 3 * hour);
    expect(nextRun(at('02:00:00', '1h'), day + 49.5 * hour, 0)).toBe(day + 50 * hour);
  });

  it('counts from boot with startup', () => {
    expect(nextRun(at('startup'), day, day)).toBe(day + 3_000);
    expect(nextRun(at('startup'), day + 3_000, day)).toBeNull();
    expect(nextRun(at('startup', '10s'), day + 3_000, day)).toBe(day + 13_000);
  });
});
