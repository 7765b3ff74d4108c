import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

describe('turns', () => {
  it('let so many at a time, in the order in which they came', async () => {
    const turns = new Turns(2);
    const begun: number[] = [];
    let atOnce = 0;
    let most = 0;
    const work = (number: number) => async () => {
      begun.push(number);
      most = Math.max(most, (atOnce += 1));
      for (let step = 0; step <= number % 3; step += 1) await Promise.resolve();
      atOnce -= 1;
      return number * 10;
    };
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    expect(await Promise.all(numbers.map((number) => turns.take(work(number))))).toEqual(numbers.map((number) => number * 10));
    expect(begun).toEqual(numbers);
    expect(most).toBe(2);
  });

  it('go on after a work that failed', async () => {
    const turns = new Turns(1);
    const failed = turns.take(() => Promise.reject(new Error('not this one')));
    const next = turns.take(() => Promise.resolve('the next'));
    await expect(failed).rejects.toThrow('not this one');
    expect(await next).toBe('the next');
    expect(await turns.take(() => Promise.resolve('and later'))).toBe('and later');
  });
});
