import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ApprovalLinks, InvalidApprovalLinkKeys, isApprovalLinkKeys, parseApprovalLinkKeys } from './index.js';

const keyText = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [oldKey, newKey] = [keyText('2026-1'), keyText('2026-2')];
const links = new ApprovalLinks(parseApprovalLinkKeys(oldKey));

const link = fc.record({
  scriptId: fc.uuid(),
  authorizationId: fc.uuid(),
  recipient: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 }),
});
const aLink = {
  scriptId: '0199a1b2-0000-7000-8000-000000000001',
  authorizationId: '0199a1b2-0000-7000-8000-000000000002',
  recipient: 'auth0|approver',
};

describe('the token of an approval link', () => {
  it('says what it was minted for, in a path and within its bounds', () => {
    fc.assert(
      fc.property(link, (said) => {
        const token = links.mint(said);
        expect(links.open(token)).toEqual(said);
        expect(token).toMatch(/^[\w-]+$/);
        expect(token.length).toBeLessThanOrEqual(354);
      }),
    );
  });

  it('is good with no bit of it turned', () => {
    fc.assert(
      fc.property(link, fc.nat(), (said, place) => {
        const bytes = Buffer.from(links.mint(said), 'base64url');
        const bit = place % (8 * bytes.length);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(links.open(bytes.toString('base64url'))).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('is good with no bit of one of its characters turned', () => {
    const token = links.mint(aLink);
    for (let place = 0; place < token.length; place += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const turned = String.fromCharCode(token.charCodeAt(place) ^ (1 << bit));
        expect(links.open(token.slice(0, place) + turned + token.slice(place + 1))).toBeNull();
      }
    }
  });

  it('has one spelling', () => {
    // Recipients of every length by three, so that each way of ending a base64 text is met.
    for (const recipient of ['a', 'ab', 'abc']) {
      const token = links.mint({ ...aLink, recipient });
      const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('').map((one) => token.slice(0, -1) + one);
      const bad = [
        `${token}=`,
        `${token}==`,
        ` ${token}`,
        `${token}\n`,
        `${token}.`,
        token.slice(1),
        token.slice(0, -1),
        `${token}A`,
        token + token,
      ];
      const standard = Buffer.from(token, 'base64url').toString('base64');
      expect([...last, ...bad, ...(standard === token ? [] : [standard])].filter((one) => one !== token && links.open(one))).toEqual([]);
      expect(last).toContain(token);
    }
  });

  it('that is anything else is none, and nothing is thrown', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => expect(links.open(text)).toBeNull()));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => expect(links.open(Buffer.from(bytes).toString('base64url'))).toBeNull()),
    );
    expect(links.open('A'.repeat(1_000_000))).toBeNull();
  });

  it('is of its key, of this kind and of this version only', () => {
    const raw = randomBytes(32);
    const own = new ApprovalLinks([raw]);
    const bytes = Buffer.from(own.mint(aLink), 'base64url');
    const said = bytes.subarray(0, -32);
    const signed = (text: Uint8Array, ...domain: string[]) => {
      const hmac = createHmac('sha256', raw);
      for (const part of domain) hmac.update(part);
      return Buffer.concat([text, hmac.update(text).digest()]).toString('base64url');
    };
    expect(own.open(signed(said, 'scheduled-scripts approval link v1\0'))).toEqual(aLink);
    expect(own.open(signed(said))).toBeNull();
    expect(own.open(signed(said, 'scheduled-scripts approval link v2\0'))).toBeNull();
    expect(own.open(signed(Buffer.concat([Buffer.of(2), said.subarray(1)]), 'scheduled-scripts approval link v1\0'))).toBeNull();
    expect(own.open(signed(said.subarray(0, 33), 'scheduled-scripts approval link v1\0'))).toBeNull();
    expect(links.open(bytes.toString('base64url'))).toBeNull();
  });

  it('stays good while its key is one of several, and no longer', () => {
    const token = links.mint(aLink);
    const rotating = new ApprovalLinks(parseApprovalLinkKeys(`${newKey},${oldKey}`));
    const rotated = new ApprovalLinks(parseApprovalLinkKeys(newKey));
    expect(rotating.open(token)).toEqual(aLink);
    expect(rotated.open(token)).toBeNull();
    expect(rotated.open(rotating.mint(aLink))).toEqual(aLink);
  });

  it.each([
    ['script', { scriptId: 'x' }],
    ['upper-case script', { scriptId: aLink.scriptId.toUpperCase() }],
    ['authorization', { authorizationId: '' }],
    ['absent recipient', { recipient: '' }],
    ['recipient beyond ASCII', { recipient: 'bœuf' }],
    ['recipient that is too long', { recipient: 'a'.repeat(201) }],
  ])('is not minted for a wrong %s', (_, wrong) => {
    expect(() => links.mint({ ...aLink, ...wrong })).toThrow(RangeError);
  });
});

const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('the keys of approval links', () => {
  it.each([
    ['nothing', ' \n'],
    ['a short key', `k1:${randomBytes(31).toString('base64')}`],
    ['a key without an id', randomBytes(32).toString('base64')],
    ['an id twice', `${oldKey},${keyText('2026-1')}`],
    ['a key twice', `${oldKey},again:${oldKey.split(':')[1]}`],
    ['too many', Array.from({ length: 9 }, (_, index) => keyText(`k${index}`)).join()],
  ])('are not %s, which is said without showing any', (_, text) => {
    expect(isApprovalLinkKeys(text)).toBe(false);
    const thrown = thrownBy(() => parseApprovalLinkKeys(text));
    expect(thrown).toBeInstanceOf(InvalidApprovalLinkKeys);
    const secrets = text.match(/[A-Za-z0-9+/]{40,}/g) ?? [];
    expect(secrets.filter((secret) => String(thrown).includes(secret))).toEqual([]);
  });

  it('may stand in lines, in either spelling of base64', () => {
    const urlSafe = `k9:${randomBytes(32).toString('base64url')}`;
    expect(parseApprovalLinkKeys(`${newKey}\n${oldKey}\n${urlSafe}\n`)).toHaveLength(3);
    expect(isApprovalLinkKeys(urlSafe)).toBe(true);
  });
});
