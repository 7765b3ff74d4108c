import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { InvalidKeyRing, isKeyRing, parseKeyRing } from './key-ring.js';
import { CredentialsUnreadable, openPassword, sealPassword } from './sealed-password.js';

const newKey = () => randomBytes(32).toString('base64');
const [first, second] = [newKey(), newKey()];
const ring = parseKeyRing(`2025:${first}`);
const place = { organizationId: 'org_a', siteId: 'site_1111111111111111' };

describe('a sealed password', () => {
  it('opens to what it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (password) => {
        expect(openPassword(ring, place, sealPassword(ring, place, password))).toBe(password);
      }),
    );
  });

  it('never looks the same twice, and does not show the password', () => {
    const [one, other] = [sealPassword(ring, place, 'correct horse'), sealPassword(ring, place, 'correct horse')];
    expect(one.sealed.equals(other.sealed)).toBe(false);
    expect(one.sealed.includes('correct')).toBe(false);
  });

  it('opens neither at another site nor in another organization', () => {
    const sealed = sealPassword(ring, place, 'secret');
    expect(() => openPassword(ring, { ...place, siteId: 'site_2222222222222222' }, sealed)).toThrow(CredentialsUnreadable);
    expect(() => openPassword(ring, { ...place, organizationId: 'org_b' }, sealed)).toThrow(CredentialsUnreadable);
  });

  it('does not open with any byte changed, or cut', () => {
    const { keyId, sealed } = sealPassword(ring, place, 'secret');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => openPassword(ring, place, { keyId, sealed: changed })).toThrow(CredentialsUnreadable);
      expect(() => openPassword(ring, place, { keyId, sealed: sealed.subarray(0, index) })).toThrow(CredentialsUnreadable);
    }
  });

  it('opens with an old key while that is in the ring, and is sealed with the first', () => {
    const rotated = parseKeyRing(`2026:${second}\n2025:${first}`);
    expect(openPassword(rotated, place, sealPassword(ring, place, 'secret'))).toBe('secret');
    expect(sealPassword(rotated, place, 'secret').keyId).toBe('2026');
    expect(() => openPassword(parseKeyRing(`2026:${second}`), place, sealPassword(ring, place, 'secret'))).toThrow(
      'the key 2025 is not in the key ring',
    );
  });
});

describe('a key ring', () => {
  it('takes commas, blanks and lines, and both base64 alphabets', () => {
    const text = `a:${first}, b:${Buffer.from(second, 'base64').toString('base64url')}\n`;
    expect(isKeyRing(text)).toBe(true);
    expect([...parseKeyRing(text).keys]).toEqual([
      ['a', Buffer.from(first, 'base64')],
      ['b', Buffer.from(second, 'base64')],
    ]);
  });

  it.each(['', ' ', 'a', `:${first}`, `a:${first.slice(4)}`, `a:${first}${first}`, `a:${first},a:${second}`])('refuses %#', (text) => {
    expect(() => parseKeyRing(text)).toThrow(InvalidKeyRing);
    expect(isKeyRing(text)).toBe(false);
  });

  it('never shows a key in its complaint', () => {
    expect(() => parseKeyRing(`a:${first}x`)).toThrow('key 1 is not <id>:<32 bytes in base64>');
  });
});
