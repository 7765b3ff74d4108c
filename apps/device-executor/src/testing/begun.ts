import { beforeAll } from '@jest/globals';

/**
 * Begins a trial before the first test of its block, beside all others, and gives its outcome to the test that judges it: trials that
 * wait for the ten seconds of a confirmation then take ten seconds together.
 */
export const begun = <T>(trial: () => Promise<T>): (() => Promise<T>) => {
  let outcome: Promise<T> = Promise.reject(new Error('the trial has not begun'));
  outcome.catch(() => undefined);
  beforeAll(() => {
    outcome = trial();
    outcome.catch(() => undefined);
  });
  return () => outcome;
};
