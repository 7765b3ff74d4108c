import { describe, expect, it } from '@jest/globals';
import { DatabaseUnavailable } from './index.js';
import { isUnavailable, translated } from './unavailable.js';

const failure = (code: string): Error => Object.assign(new Error('from the driver'), { code });

describe('an error of the driver', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', '08006', '53300', '57P01', '57P03', '57014', '58030', '25006'])(
    '%s means: not reachable now',
    (code) => {
      expect(translated(failure(code))).toMatchObject({ name: 'DatabaseUnavailable', cause: { code } });
    },
  );

  it.each(['23505', '40001', '40P01', '42P01', '42501', '28P01', '3D000'])('%s is the caller’s to deal with', (code) => {
    const error = failure(code);
    expect(translated(error)).toBe(error);
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
  ])('without a code is known by its text: %s', (text) => {
    expect(isUnavailable(new Error(text))).toBe(true);
  });

  it('without a code and with another text is the caller’s to deal with', () => {
    expect(isUnavailable(new Error('the transaction has ended'))).toBe(false);
  });

  it('is translated once', () => {
    const error = new DatabaseUnavailable('gone');
    expect(translated(error)).toBe(error);
    expect(translated('a thrown text')).toBe('a thrown text');
  });
});
