import { describe, expect, it } from '@jest/globals';
import { reach } from './reach.js';

const never = new AbortController().signal;

/** A clock that says the next of these each time it is asked, and the last one from then on. */
const clock = (...readings: readonly number[]) => {
  let asked = 0;
  return {
    now: () => readings[Math.min(asked++, readings.length - 1)] ?? 0,
    asked: () => asked,
  };
};

describe('reaching an instant', () => {
  it.each([
    ['at it', 1_000],
    ['after it', 5_000],
  ])('%s answers at once what the clock says', async (_, now) => {
    const { now: read, asked } = clock(now);
    expect(await reach(1_000, never, read)).toBe(now);
    expect(asked()).toBe(1);
  });

  it('is never early: a timer that fired too soon sleeps again', async () => {
    const { now, asked } = clock(998, 999, 999, 999, 1_000);
    expect(await reach(1_000, never, now)).toBe(1_000);
    expect(asked()).toBe(5);
  });

  it('takes a clock that was set back for what it says', async () => {
    const { now } = clock(999, 995, 1_001);
    expect(await reach(1_000, never, now)).toBe(1_001);
  });

  it('notices soon that a clock was set forward', async () => {
    const { now, asked } = clock(0, 3_600_000);
    expect(await reach(3_600_000, never, now)).toBe(3_600_000);
    expect(asked()).toBe(2);
  });

  it('by the real clock gives a time that is not before it', async () => {
    const instant = Date.now() + 20;
    expect(await reach(instant, never)).toBeGreaterThanOrEqual(instant);
  });

  it('ends when it is aborted, and does not begin after that', async () => {
    const stopping = new AbortController();
    const reached = reach(Date.now() + 3_600_000, stopping.signal);
    stopping.abort();
    expect(await reached).toBeNull();
    expect(await reach(0, stopping.signal)).toBeNull();
  });
});
