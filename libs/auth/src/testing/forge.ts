import { createHmac, generateKeyPairSync, sign as signWith, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';

export type Json = Readonly<Record<string, unknown>>;
/** Makes the signature of the first two parts of a token. */
export type Sign = (input: string) => Buffer;

export const encode = (value: unknown): string =>
  (value instanceof Buffer ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))).toString('base64url');

export const seconds = (): number => Math.floor(Date.now() / 1000);

export const without = (...names: readonly string[]): Json => Object.fromEntries(names.map((name) => [name, undefined]));

export const byEc =
  (key: KeyObject, hash = 'sha256', dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363'): Sign =>
  (input) =>
    signWith(hash, Buffer.from(input), { key, dsaEncoding });

export const byRsa =
  (key: KeyObject, hash = 'sha256'): Sign =>
  (input) =>
    signWith(hash, Buffer.from(input), key);

export const byHmac =
  (secret: string | Buffer, hash = 'sha256'): Sign =>
  (input) =>
    createHmac(hash, secret).update(input).digest();

export const jwkOf = (key: KeyObject): Json => ({ ...key.export({ format: 'jwk' }) });

/** An object changes the good one, anything else stands for itself. */
const changed = (good: Json, change: unknown): unknown =>
  typeof change === 'object' && change !== null && !Array.isArray(change) && !Buffer.isBuffer(change) ? { ...good, ...change } : change;

interface Keys {
  readonly es: KeyPairKeyObjectResult;
  readonly rsa: KeyPairKeyObjectResult;
  readonly strangerEs: KeyPairKeyObjectResult;
  readonly strangerRsa: KeyPairKeyObjectResult;
  /** Published, but not for what tokens of ours are signed with. */
  readonly weakRsa: KeyPairKeyObjectResult;
  readonly p384: KeyPairKeyObjectResult;
  readonly secp256k1: KeyPairKeyObjectResult;
  readonly ed25519: KeyPairKeyObjectResult;
  readonly encryption: KeyPairKeyObjectResult;
  readonly signingOnly: KeyPairKeyObjectResult;
}

export const goodHeader = { alg: 'ES256', kid: 'es', typ: 'at+jwt' } as const;

const makeKeys = (): Keys => ({
  es: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  strangerEs: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  strangerRsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  weakRsa: generateKeyPairSync('rsa', { modulusLength: 1024 }),
  p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  secp256k1: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  ed25519: generateKeyPairSync('ed25519'),
  encryption: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  signingOnly: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
});

export interface ForgeOptions {
  readonly issuer: string;
  readonly audience: string;
  /** What good tokens say besides: who may do what. */
  readonly claims: Json;
  /** Where a forger would like keys to be fetched from. */
  readonly attackerUrl: string;
}

/** An issuer whose private keys the test has: it makes good tokens, and any that are not. */
export class Forge {
  readonly keys = makeKeys();

  constructor(readonly options: ForgeOptions) {}

  /** What the issuer publishes: two good keys, and all sorts that nobody may use. */
  get published(): readonly unknown[] {
    const { es, rsa, weakRsa, p384, secp256k1, ed25519, encryption, signingOnly, strangerEs } = this.keys;
    return [
      { ...jwkOf(es.publicKey), kid: 'es', alg: 'ES256', use: 'sig' },
      { ...jwkOf(rsa.publicKey), kid: 'rsa', alg: 'RS256', use: 'sig' },
      { ...jwkOf(weakRsa.publicKey), kid: 'weak' },
      { ...jwkOf(rsa.publicKey), kid: 'exponent-1', e: 'AQ' },
      { ...jwkOf(p384.publicKey), kid: 'p384' },
      { ...jwkOf(secp256k1.publicKey), kid: 'secp256k1' },
      { ...jwkOf(ed25519.publicKey), kid: 'ed25519' },
      { ...jwkOf(encryption.publicKey), kid: 'encryption', use: 'enc' },
      { ...jwkOf(signingOnly.publicKey), kid: 'signing-only', key_ops: ['sign'] },
      { ...jwkOf(strangerEs.publicKey) },
      { kty: 'oct', k: Buffer.from('shared').toString('base64url'), kid: 'shared', alg: 'HS256' },
      'nonsense',
    ];
  }

  goodClaims(): Json {
    const { issuer, audience, claims } = this.options;
    return { iss: issuer, aud: audience, iat: seconds(), exp: seconds() + 3_600, ...claims };
  }

  /** A good token unless told otherwise. */
  token(header: unknown = {}, claims: unknown = {}, sign: Sign = byEc(this.keys.es.privateKey)): string {
    const input = `${encode(changed(goodHeader, header))}.${encode(changed(this.goodClaims(), claims))}`;
    return `${input}.${sign(input).toString('base64url')}`;
  }
}

/** The name of a way to forge a token, and how it is done. */
export type Forgery = readonly [name: string, make: (forge: Forge) => string];
