import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { answerToChallenge, makeChallenge } from './challenge.js';

describe('the login before 6.43', () => {
  it('answers with MD5 over a zero byte, the password and the challenge', () => {
    const challenge = '00112233445566778899aabbccddeeff';
    const expected = createHash('md5')
      .update(Buffer.from(`00${Buffer.from('secret').toString('hex')}${challenge}`, 'hex'))
      .digest('hex');
    expect(answerToChallenge('secret', challenge)).toBe(`00${expected}`);
  });

  it('never asks the same twice', () => {
    expect(makeChallenge()).toMatch(/^[0-9a-f]{32}$/);
    expect(makeChallenge()).not.toBe(makeChallenge());
  });
});
