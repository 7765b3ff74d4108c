import { createHmac, createSign, generateKeyPairSync, sign as signWith, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BearerAuthenticator } from './bearer.authenticator.js';
import { SigningKeys } from './signing-keys.js';

type Json = Readonly<Record<string, unknown>>;

const es = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const strangerEs = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const strangerRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weakRsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const encryption = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const issuer = 'https://issuer.example';
const audience = 'scheduled-scripts';
const jwk = (key: KeyObject): Json => ({ ...key.export({ format: 'jwk' }) });
const published = [
  { ...jwk(es.publicKey), kid: 'es', alg: 'ES256', use: 'sig' },
  { ...jwk(rsa.publicKey), kid: 'rsa', alg: 'RS256', use: 'sig' },
  { ...jwk(weakRsa.publicKey), kid: 'weak' },
  { ...jwk(p384.publicKey), kid: 'p384' },
  { ...jwk(encryption.publicKey), kid: 'encryption', use: 'enc' },
  { ...jwk(strangerEs.publicKey) },
  { kty: 'oct', k: Buffer.from('shared').toString('base64url'), kid: 'shared', alg: 'HS256' },
  'nonsense',
];

const encode = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const now = (): number => Math.floor(Date.now() / 1000);
const goodHeader = { alg: 'ES256', kid: 'es', typ: 'at+jwt' };
const goodClaims = (): Json => ({
  iss: issuer,
  aud: audience,
  sub: 'auth0|author',
  org_id: 'org_demo',
  scope: 'script:view',
  iat: now(),
  exp: now() + 300,
});

type Sign = (input: string) => Buffer;
const byEs =
  (key: KeyObject): Sign =>
  (input) =>
    signWith('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
const byRsa =
  (key: KeyObject, hash = 'RSA-SHA256'): Sign =>
  (input) =>
    createSign(hash).update(input).sign(key);
const byHmac =
  (secret: string | Buffer): Sign =>
  (input) =>
    createHmac('sha256', secret).update(input).digest();

/** An object changes the good one, anything else stands for itself. */
const whole = (base: Json, change: unknown) => (typeof change === 'object' && change !== null ? { ...base, ...change } : change);

function token(header: unknown = {}, claims: unknown = {}, sign: Sign = byEs(es.privateKey)): string {
  const input = `${encode(whole(goodHeader, header))}.${encode(whole(goodClaims(), claims))}`;
  return `${input}.${sign(input).toString('base64url')}`;
}

const without = (...names: readonly string[]): Json => Object.fromEntries(names.map((name) => [name, undefined]));
const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' });
const tampered = (part: 0 | 1 | 2): string => {
  const parts = token().split('.');
  const bytes = Buffer.from(parts[part] ?? '', 'base64url');
  bytes[10] = (bytes[10] ?? 0) ^ 1;
  parts[part] = bytes.toString('base64url');
  return parts.join('.');
};
const swappedClaims = (): string => {
  const [header, , signature] = token().split('.');
  return [header, encode({ ...goodClaims(), org_id: 'org_other' }), signature].join('.');
};

const strangerKey = jwk(strangerEs.publicKey);
const byStranger = byEs(strangerEs.privateKey);

const forged: readonly (readonly [string, () => string])[] = [
  ['not a token', () => 'nonsense'],
  ['two parts', () => token().split('.').slice(0, 2).join('.')],
  ['four parts', () => `${token()}.x`],
  ['no signature', () => token().replace(/[^.]*$/, '')],
  ['five parts, as encrypted tokens have', () => `${token()}.a.b`],
  ['a header that is no JSON', () => token('{')],
  ['a header that is null', () => token('null')],
  ['a header that is a list', () => token('[]')],
  ['claims that are no JSON', () => token({}, '{')],
  ['claims that are null', () => token({}, 'null')],
  ['claims that are text', () => token({}, '"auth0|author"')],
  ['claims that are a list', () => token({}, '[]')],
  ['alg none without a signature', () => token({ alg: 'none' }, {}, () => Buffer.alloc(0))],
  ['alg none with one', () => token({ alg: 'none' })],
  ['alg nOnE', () => token({ alg: 'nOnE' }, {}, () => Buffer.alloc(0))],
  ['no alg', () => token(without('alg'))],
  ['HS256 with the public key as the secret', () => token({ alg: 'HS256', kid: 'rsa' }, {}, byHmac(pem))],
  ['HS256 with a symmetric key that the issuer has published', () => token({ alg: 'HS256', kid: 'shared' }, {}, byHmac('shared'))],
  ['HS256 with an empty secret', () => token({ alg: 'HS256' }, {}, byHmac(''))],
  ['RS512, which is not allowed', () => token({ alg: 'RS512', kid: 'rsa' }, {}, byRsa(rsa.privateKey, 'RSA-SHA512'))],
  ['PS256 with an RSA key', () => token({ alg: 'PS256', kid: 'rsa' }, {}, byRsa(rsa.privateKey))],
  ['ES256 naming the RSA key', () => token({ kid: 'rsa' })],
  ['RS256 naming the elliptic key', () => token({ alg: 'RS256', kid: 'es' }, {}, byRsa(rsa.privateKey))],
  ['an alg that is a list', () => token({ alg: ['ES256'] })],
  ['an RSA key that is too short', () => token({ alg: 'RS256', kid: 'weak' }, {}, byRsa(weakRsa.privateKey))],
  ['a key on another curve', () => token({ kid: 'p384' }, {}, byEs(p384.privateKey))],
  ['a key that is for encryption', () => token({ kid: 'encryption' }, {}, byEs(encryption.privateKey))],
  ["a stranger's elliptic key", () => token({}, {}, byStranger)],
  ["a stranger's RSA key", () => token({ alg: 'RS256', kid: 'rsa' }, {}, byRsa(strangerRsa.privateKey))],
  ['an unknown kid', () => token({ kid: 'unknown' })],
  ['no kid, though one published key has none', () => token(without('kid'), {}, byStranger)],
  ['an empty kid', () => token({ kid: '' })],
  ['a kid that is no text', () => token({ kid: { es: true } })],
  ['a kid that is too long', () => token({ kid: 'k'.repeat(201) })],
  ['a kid that walks the file system', () => token({ kid: '../../../../dev/null' }, {}, byHmac(''))],
  ['a kid that asks a database', () => token({ kid: "es' or '1'='1" }, {}, byStranger)],
  ['a kid of every object', () => token({ kid: '__proto__' })],
  ['a kid that is an address', () => token({ kid: 'http://127.0.0.1:1/key' }, {}, byStranger)],
  ['a key in its header', () => token({ kid: 'own', jwk: strangerKey }, {}, byStranger)],
  ['a key in its header under a known kid', () => token({ jwk: strangerKey }, {}, byStranger)],
  ['an address of keys in its header', () => token({ jku: 'http://127.0.0.1:1/jwks' }, {}, byStranger)],
  ['an address of a certificate', () => token({ x5u: 'http://127.0.0.1:1/x5u' }, {}, byStranger)],
  ['a certificate in its header', () => token({ x5c: ['MIIB'] }, {}, byStranger)],
  ['an extension that it calls critical', () => token({ crit: ['b64'], b64: false })],
  ['another type', () => token({ typ: 'logout+jwt' })],
  ['a tampered header', () => tampered(0)],
  ['tampered claims', () => tampered(1)],
  ['a tampered signature', () => tampered(2)],
  ['claims of another organization under an old signature', swappedClaims],
  ['an empty signature of the right length', () => token({}, {}, () => Buffer.alloc(64))],
  ['another issuer', () => token({}, { iss: 'https://other.example' })],
  ['an issuer that only begins right', () => token({}, { iss: `${issuer}.evil.example` })],
  ['an issuer that is a list', () => token({}, { iss: [issuer] })],
  ['no issuer', () => token({}, without('iss'))],
  ['another audience', () => token({}, { aud: 'billing' })],
  ['audiences without ours', () => token({}, { aud: ['billing', 'mail'] })],
  ['no audience', () => token({}, without('aud'))],
  ['no end', () => token({}, without('exp'))],
  ['an end that is text', () => token({}, { exp: '9999999999' })],
  ['a beginning in the future', () => token({}, { nbf: now() + 60 })],
  ['a beginning that is text', () => token({}, { nbf: 'now' })],
  ['no subject', () => token({}, without('sub'))],
  ['an empty subject', () => token({}, { sub: '' })],
  ['a subject that is too long', () => token({}, { sub: 's'.repeat(256) })],
  ['a subject with a line end', () => token({}, { sub: 'auth0|a\nINFO all is well' })],
  ['a subject that is a number', () => token({}, { sub: 7 })],
  ['no organization', () => token({}, without('org_id'))],
  ['an organization that is a list', () => token({}, { org_id: ['org_demo', 'org_other'] })],
  ['a scope that is an object', () => token({}, { scope: { 'script:view': true } })],
  ['permissions that are text', () => token({}, { permissions: 'script:view' })],
  ['more scopes than anybody has', () => token({}, { scope: Array.from({ length: 201 }, (_, i) => `s:${i}`).join(' ') })],
  ['a token that is too long', () => token({}, { padding: 'x'.repeat(9_000) })],
];

describe('a bearer token', () => {
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: published })));
  let authenticator: BearerAuthenticator;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    // No cooldown: of the many invented kids below none shall wait.
    const keys = new SigningKeys({ jwksUri, now: () => performance.now(), cooldownMillis: 0 });
    authenticator = new BearerAuthenticator({ issuer, audience, algorithms: ['RS256', 'ES256'], keys });
  });

  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

  const codeOf = (bearer: string): Promise<unknown> =>
    authenticator.authenticate(`Bearer ${bearer}`).then(
      () => 'accepted',
      ({ code }: { code: string }) => code,
    );

  it.each([
    ['with an elliptic key', () => token()],
    ['with an RSA key', () => token({ alg: 'RS256', kid: 'rsa' }, {}, byRsa(rsa.privateKey))],
    ['of type JWT', () => token({ typ: 'JWT' })],
    ['without a type', () => token(without('typ'))],
    ['for several audiences', () => token({}, { aud: ['billing', audience] })],
    ['that ended within the tolerance of clocks', () => token({}, { exp: now() - 2 })],
    ['that begins within it', () => token({}, { nbf: now() + 2 })],
  ])('is accepted %s', async (_name, make) => {
    expect(await codeOf(make())).toBe('accepted');
  });

  it('carries scopes as text, as a list, or as both', async () => {
    const caller = await authenticator.authenticate(`Bearer ${token({}, { scope: 'a  b', permissions: ['b', 'c'] })}`);
    expect(caller).toEqual({ sub: 'auth0|author', organizationId: 'org_demo', scopes: ['a', 'b', 'c'], expiresAt: expect.any(Number) });
  });

  it.each(forged)('is refused: %s', async (_name, make) => {
    expect(await codeOf(make())).toBe('token_invalid');
  });

  it('is told to have expired only when it was good before', async () => {
    expect(await codeOf(token({}, { exp: now() - 6 }))).toBe('token_expired');
    expect(await codeOf(token({}, { exp: now() - 6 }, byStranger))).toBe('token_invalid');
  });

  it('is good for an algorithm that is allowed only', async () => {
    const keys = new SigningKeys({ jwksUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, now: () => performance.now() });
    const rsaOnly = new BearerAuthenticator({ issuer, audience, algorithms: ['RS256'], keys });
    await expect(rsaOnly.authenticate(`Bearer ${token()}`)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('says nothing of the reason to the client', async () => {
    const refusal = await authenticator
      .authenticate(`Bearer ${token({}, { iss: 'https://other.example' })}`)
      .catch((error: unknown) => error);
    expect(JSON.stringify(refusal)).not.toMatch(/other|issuer\.example/);
  });
});
