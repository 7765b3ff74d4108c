import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BearerAuthenticator } from './bearer.authenticator.js';
import { SigningKeys, type SigningKeysOptions } from './signing-keys.js';
import { byEc, Forge, jwkOf } from './testing/forge.js';
import { startListener, type Listener } from './testing/listener.js';
import { issuerAilments, startScriptedIssuer, type ScriptedIssuer } from './testing/scripted-issuer.js';

const refreshMillis = 300_000;

/** A key with which the issuer signs from now on, once it is published. */
const newKey = (kid: string) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, jwk: { ...jwkOf(publicKey), kid }, sign: byEc(privateKey) };
};

const codeOf = (authenticator: BearerAuthenticator, token: string): Promise<string> =>
  authenticator.authenticate(`Bearer ${token}`).then(
    () => 'accepted',
    ({ code }: { code: string }) => code,
  );

describe('while an issuer is not as it should be', () => {
  let elsewhere: Listener;
  let forge: Forge;
  let issuer: ScriptedIssuer;
  let clock: number;

  beforeAll(async () => {
    elsewhere = await startListener();
    const claims = { sub: 'auth0|author', org_id: 'org_demo', scope: 'script:view' };
    forge = new Forge({ issuer: 'https://issuer.example', audience: 'scheduled-scripts', claims, attackerUrl: elsewhere.url });
  });

  beforeEach(async () => {
    clock = 0;
    issuer = await startScriptedIssuer(forge.published, elsewhere.url);
  });

  afterEach(() => issuer.stop());
  afterAll(() => elsewhere.stop());

  const authenticatorWith = (options: Partial<SigningKeysOptions> = {}): BearerAuthenticator => {
    const patience = { refreshMillis, cooldownMillis: 0, timeoutMillis: 1_000 };
    const keys = new SigningKeys({ jwksUri: issuer.jwksUri, now: () => clock, ...patience, ...options });
    return new BearerAuthenticator({ ...forge.options, algorithms: ['RS256', 'ES256'], keys });
  };
  it.each(issuerAilments)('known callers are served, others told to come again, and all is well afterwards: %s', async (mood) => {
    const authenticator = authenticatorWith();
    const next = newKey('next');
    const [known, later, signedByNext] = [forge.token(), forge.token({}, { jti: 'later' }), forge.token({ kid: 'next' }, {}, next.sign)];
    expect(await codeOf(authenticator, known)).toBe('accepted');
    await issuer.turn(mood);
    issuer.publish([...forge.published, next.jwk]);
    // The last but one waits for an answer in vain, the last knows that there is none.
    for (clock of [0, refreshMillis / 2, refreshMillis - 1, refreshMillis * 10, refreshMillis * 10 + 1]) {
      expect([await codeOf(authenticator, known), await codeOf(authenticator, later)]).toEqual(['accepted', 'accepted']);
    }
    expect(await codeOf(authenticator, signedByNext)).toBe('dependency_unavailable');
    await issuer.turn('well');
    expect([await codeOf(authenticator, signedByNext), await codeOf(authenticator, known)]).toEqual(['accepted', 'accepted']);
    expect(elsewhere.calls()).toBe(0);
  });

  it.each(issuerAilments)('nobody can be judged before its keys were ever seen: %s', async (mood) => {
    await issuer.turn(mood);
    const authenticator = authenticatorWith();
    const refusal: unknown = await authenticator.authenticate(`Bearer ${forge.token()}`).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ api: { status: 503, code: 'dependency_unavailable', headers: { 'Retry-After': '2' } } });
    // What is none of the issuer's in any case is told so all the same.
    expect(await codeOf(authenticator, forge.token({}, { iss: 'https://other.example' }))).toBe('token_invalid');
    await issuer.turn('well');
    expect(await codeOf(authenticator, forge.token())).toBe('accepted');
  });

  it('nobody whose key is known waits for it', async () => {
    const authenticator = authenticatorWith({ timeoutMillis: 3_600_000 });
    expect(await codeOf(authenticator, forge.token())).toBe('accepted');
    await issuer.turn('hanging');
    clock = refreshMillis - 1;
    const waiting = codeOf(authenticator, forge.token({ kid: 'unknown' }));
    // A test that waits runs into jest's own deadline.
    for (let i = 0; i < 50; i += 1) expect(await codeOf(authenticator, forge.token({}, { jti: String(i) }))).toBe('accepted');
    await issuer.turn('well');
    expect(await waiting).toBe('dependency_unavailable');
  });

  it('it is not asked more often, whatever a flood invents', async () => {
    const authenticator = authenticatorWith({ cooldownMillis: 200 });
    expect(await codeOf(authenticator, forge.token())).toBe('accepted');
    await issuer.turn('failing');
    const before = issuer.questions();
    clock = 1_000;
    const flood = Array.from({ length: 500 }, (_, i) => codeOf(authenticator, forge.token({ kid: `invented-${i}` })));
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['dependency_unavailable']));
    expect(issuer.questions() - before).toBeLessThanOrEqual(2);
  });

  it('asked again for the sake of invented keys, it makes nobody be verified anew', async () => {
    const authenticator = authenticatorWith();
    const token = forge.token();
    const caller = await authenticator.authenticate(`Bearer ${token}`);
    const before = issuer.questions();
    for (let i = 0; i < 5; i += 1) expect(await codeOf(authenticator, forge.token({ kid: `invented-${i}` }))).toBe('token_invalid');
    expect(issuer.questions() - before).toBe(5);
    expect(authenticator.recall(`Bearer ${token}`)).toBe(caller);
  });

  it('a key that it has withdrawn dies when it is asked again, also for tokens that were found to be good', async () => {
    const authenticator = authenticatorWith();
    const next = newKey('next');
    const [used, unused] = [forge.token(), forge.token({}, { jti: 'unused' })];
    expect(await codeOf(authenticator, used)).toBe('accepted');
    issuer.publish([next.jwk]);
    clock = refreshMillis / 2 - 1;
    expect([await codeOf(authenticator, used), await codeOf(authenticator, unused)]).toEqual(['accepted', 'accepted']);
    clock = refreshMillis;
    expect([authenticator.recall(`Bearer ${used}`), authenticator.recall(`Bearer ${unused}`)]).toEqual([undefined, undefined]);
    expect([await codeOf(authenticator, used), await codeOf(authenticator, unused)]).toEqual(['token_invalid', 'token_invalid']);
  });

  it('its keys go round and round, and no good token is refused', async () => {
    const authenticator = authenticatorWith();
    let signing = newKey('round-0');
    issuer.publish([signing.jwk]);
    const signedBy = ({ kid, sign }: typeof signing, many: number): readonly Promise<string>[] =>
      Array.from({ length: many }, (_, n) => codeOf(authenticator, forge.token({ kid }, { jti: `${kid}-${n}` }, sign)));
    for (let round = 1; round <= 20; round += 1) {
      const [old, next] = [signing, newKey(`round-${round}`)];
      const before = signedBy(old, 20);
      issuer.publish([old.jwk, next.jwk]);
      const during = [...signedBy(next, 20), ...signedBy(old, 20)];
      expect(new Set(await Promise.all([...before, ...during]))).toEqual(new Set(['accepted']));
      issuer.publish([next.jwk]);
      clock += refreshMillis * (round % 3);
      expect(new Set(await Promise.all(signedBy(next, 20)))).toEqual(new Set(['accepted']));
      signing = next;
    }
  });

  it('is logged once when it begins, and once when it is over', async () => {
    const lines: string[] = [];
    const tell = (level: string) => (_fields: object, message: string) => void lines.push(`${level}: ${message}`);
    const authenticator = authenticatorWith({ logger: { warn: tell('warn'), info: tell('info') } });
    for (const mood of ['well', 'failing', 'garbage', 'well', 'well'] as const) {
      await issuer.turn(mood);
      await codeOf(authenticator, forge.token({ kid: `unknown-${mood}` }));
    }
    expect(lines).toEqual([
      "warn: the issuer's keys cannot be had; known ones are believed for a day",
      "info: the issuer's keys can be had again",
    ]);
  });

  it('two keys of one name are told apart by what they are for', async () => {
    issuer.publish([
      { ...jwkOf(forge.keys.rsa.publicKey), kid: 'es' },
      ...forge.published,
      { ...jwkOf(forge.keys.rsa.publicKey), kid: 'es' },
    ]);
    expect(await codeOf(authenticatorWith(), forge.token())).toBe('accepted');
  });
});
