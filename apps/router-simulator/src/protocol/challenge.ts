import { createHash, randomBytes } from 'node:crypto';

/** The login of routers before 6.43: 16 random bytes in hex, answered by `00` + MD5(0x00, password, challenge). */
export const makeChallenge = (): string => randomBytes(16).toString('hex');

export const answerToChallenge = (password: string, challenge: string): string => {
  const digest = createHash('md5')
    .update(Buffer.from([0]))
    .update(Buffer.from(password, 'latin1'))
    .update(Buffer.from(challenge, 'hex'));
  return `00${digest.digest('hex')}`;
};
