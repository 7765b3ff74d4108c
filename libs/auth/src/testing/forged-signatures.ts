import { constants, createHash, sign as signWith } from 'node:crypto';
import { byEc, byHmac, byRsa, encode, jwkOf, without, type Forge, type Forgery, type Sign } from './forge.js';

const unsigned: Sign = () => Buffer.alloc(0);

/** With the RSA key's public half, in some form, as a secret that everybody knows. */
const byPublic = (form: (forge: Forge) => string | Buffer, alg = 'HS256') => {
  const hash = alg.replace('HS', 'sha');
  return (forge: Forge): string => forge.token({ alg, kid: 'rsa' }, {}, byHmac(form(forge), hash));
};

const pem = ({ keys }: Forge): string => String(keys.rsa.publicKey.export({ format: 'pem', type: 'spki' }));

/** A good token's bytes, changed in one part. */
const tampered = (forge: Forge, part: 0 | 1 | 2, change: (bytes: Buffer) => Buffer): string => {
  const parts = forge.token().split('.');
  parts[part] = change(Buffer.from(parts[part] ?? '', 'base64url')).toString('base64url');
  return parts.join('.');
};

const flipped = (bytes: Buffer): Buffer => {
  bytes[10] = (bytes[10] ?? 0) ^ 1;
  return bytes;
};

const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
const ecSignature = (r: string, s: string): Sign => {
  const signature = Buffer.from(r.padStart(64, '0') + s.padStart(64, '0'), 'hex');
  return () => signature;
};

/** What is left of an RSA signature when the public exponent is 1. */
const byExponentOne: Sign = (input) => {
  const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  const digest = Buffer.concat([digestInfo, createHash('sha256').update(input).digest()]);
  const padding = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(256 - 3 - digest.length, 0xff), Buffer.from([0])]);
  return Buffer.concat([padding, digest]);
};

/** The algorithm is not what it should be, or the signature does not come from the key that it names. */
export const forgedSignatures: readonly Forgery[] = [
  ['alg none without a signature', (forge) => forge.token({ alg: 'none' }, {}, unsigned)],
  ['alg none in two parts', (forge) => forge.token({ alg: 'none' }, {}, unsigned).slice(0, -1)],
  ['alg none with a good signature', (forge) => forge.token({ alg: 'none' })],
  ['alg None', (forge) => forge.token({ alg: 'None' }, {}, unsigned)],
  ['alg NONE', (forge) => forge.token({ alg: 'NONE' }, {}, unsigned)],
  ['alg nOnE', (forge) => forge.token({ alg: 'nOnE' }, {}, unsigned)],
  ['alg none and a blank', (forge) => forge.token({ alg: 'none ' }, {}, unsigned)],
  ['an empty alg', (forge) => forge.token({ alg: '' }, {}, unsigned)],
  ['alg null', (forge) => forge.token({ alg: null }, {}, unsigned)],
  ['no alg', (forge) => forge.token(without('alg'))],
  ['an alg that is a list', (forge) => forge.token({ alg: ['ES256'] })],
  ['an alg that is a number', (forge) => forge.token({ alg: 256 })],
  ['an alg in lower case', (forge) => forge.token({ alg: 'es256' })],
  ['an alg of every object', (forge) => forge.token({ alg: 'constructor' })],
  ['HS256 with the public key in PEM', byPublic(pem)],
  ['HS256 with the public key in PEM, trimmed', byPublic((forge) => pem(forge).trim())],
  ['HS256 with the public key in PEM of PKCS 1', byPublic(({ keys }) => keys.rsa.publicKey.export({ format: 'pem', type: 'pkcs1' }))],
  ['HS256 with the public key in DER', byPublic(({ keys }) => keys.rsa.publicKey.export({ format: 'der', type: 'spki' }))],
  ['HS256 with the public key in DER of PKCS 1', byPublic(({ keys }) => keys.rsa.publicKey.export({ format: 'der', type: 'pkcs1' }))],
  ['HS256 with the public key as JWK', byPublic(({ keys }) => JSON.stringify(jwkOf(keys.rsa.publicKey)))],
  ['HS256 with the modulus', byPublic(({ keys }) => Buffer.from(String(jwkOf(keys.rsa.publicKey)['n']), 'base64url'))],
  ['HS256 with the whole key set', byPublic((forge) => JSON.stringify({ keys: forge.published }))],
  ['HS384 with the public key in PEM', byPublic(pem, 'HS384')],
  ['HS512 with the public key in PEM', byPublic(pem, 'HS512')],
  [
    'HS256 with the elliptic public key in PEM',
    (forge) => forge.token({ alg: 'HS256' }, {}, byHmac(forge.keys.es.publicKey.export({ format: 'pem', type: 'spki' }))),
  ],
  ['ES256 in name, HS256 in deed', (forge) => forge.token({}, {}, byHmac(pem(forge)))],
  ['RS256 in name, HS256 in deed', (forge) => forge.token({ alg: 'RS256', kid: 'rsa' }, {}, byHmac(pem(forge)))],
  [
    'HS256 with a symmetric key that the issuer has published',
    (forge) => forge.token({ alg: 'HS256', kid: 'shared' }, {}, byHmac('shared')),
  ],
  ['HS256 with an empty secret', (forge) => forge.token({ alg: 'HS256' }, {}, byHmac(''))],
  ['RS384', (forge) => forge.token({ alg: 'RS384', kid: 'rsa' }, {}, byRsa(forge.keys.rsa.privateKey, 'sha384'))],
  ['RS512', (forge) => forge.token({ alg: 'RS512', kid: 'rsa' }, {}, byRsa(forge.keys.rsa.privateKey, 'sha512'))],
  ['RS1', (forge) => forge.token({ alg: 'RS1', kid: 'rsa' }, {}, byRsa(forge.keys.rsa.privateKey, 'sha1'))],
  ['RS256 in name, with SHA-1', (forge) => forge.token({ alg: 'RS256', kid: 'rsa' }, {}, byRsa(forge.keys.rsa.privateKey, 'sha1'))],
  [
    'PS256 by the RSA key',
    (forge) =>
      forge.token({ alg: 'PS256', kid: 'rsa' }, {}, (input) =>
        signWith('sha256', Buffer.from(input), {
          key: forge.keys.rsa.privateKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: 32,
        }),
      ),
  ],
  [
    'RS256 in name, PS256 in deed',
    (forge) =>
      forge.token({ alg: 'RS256', kid: 'rsa' }, {}, (input) =>
        signWith('sha256', Buffer.from(input), {
          key: forge.keys.rsa.privateKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: 32,
        }),
      ),
  ],
  ['ES384', (forge) => forge.token({ alg: 'ES384', kid: 'p384' }, {}, byEc(forge.keys.p384.privateKey, 'sha384'))],
  ['ES256 by a key on P-384', (forge) => forge.token({ kid: 'p384' }, {}, byEc(forge.keys.p384.privateKey))],
  ['ES256K', (forge) => forge.token({ alg: 'ES256K', kid: 'secp256k1' }, {}, byEc(forge.keys.secp256k1.privateKey))],
  ['ES256 by a key on secp256k1', (forge) => forge.token({ kid: 'secp256k1' }, {}, byEc(forge.keys.secp256k1.privateKey))],
  [
    'EdDSA',
    (forge) =>
      forge.token({ alg: 'EdDSA', kid: 'ed25519' }, {}, (input) => signWith(null, Buffer.from(input), forge.keys.ed25519.privateKey)),
  ],
  ['ES256 naming the RSA key', (forge) => forge.token({ kid: 'rsa' })],
  ['RS256 naming the elliptic key', (forge) => forge.token({ alg: 'RS256', kid: 'es' }, {}, byRsa(forge.keys.rsa.privateKey))],
  ['an RSA key of 1024 bits', (forge) => forge.token({ alg: 'RS256', kid: 'weak' }, {}, byRsa(forge.keys.weakRsa.privateKey))],
  ['an RSA key with the exponent 1', (forge) => forge.token({ alg: 'RS256', kid: 'exponent-1' }, {}, byExponentOne)],
  ['a key that is for encryption', (forge) => forge.token({ kid: 'encryption' }, {}, byEc(forge.keys.encryption.privateKey))],
  ['a key that is not for verifying', (forge) => forge.token({ kid: 'signing-only' }, {}, byEc(forge.keys.signingOnly.privateKey))],
  ["a stranger's elliptic key", (forge) => forge.token({}, {}, byEc(forge.keys.strangerEs.privateKey))],
  ["a stranger's RSA key", (forge) => forge.token({ alg: 'RS256', kid: 'rsa' }, {}, byRsa(forge.keys.strangerRsa.privateKey))],
  ['an elliptic signature in DER', (forge) => forge.token({}, {}, byEc(forge.keys.es.privateKey, 'sha256', 'der'))],
  ['a signature over SHA-512', (forge) => forge.token({}, {}, byEc(forge.keys.es.privateKey, 'sha512'))],
  ['a signature that is a byte longer', (forge) => tampered(forge, 2, (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]))],
  ['a signature that is a byte shorter', (forge) => tampered(forge, 2, (bytes) => bytes.subarray(0, -1))],
  ['a signature of one byte', (forge) => tampered(forge, 2, () => Buffer.from([48]))],
  ['a signature of r and s zero', (forge) => forge.token({}, {}, ecSignature('0', '0'))],
  ['a signature of r zero and s one', (forge) => forge.token({}, {}, ecSignature('0', '1'))],
  ['a signature of r one and s zero', (forge) => forge.token({}, {}, ecSignature('1', '0'))],
  ["a signature of the curve's order", (forge) => forge.token({}, {}, ecSignature(order, order))],
  ['an RSA signature of zeros', (forge) => forge.token({ alg: 'RS256', kid: 'rsa' }, {}, () => Buffer.alloc(256))],
  ['a tampered header', (forge) => tampered(forge, 0, flipped)],
  ['tampered claims', (forge) => tampered(forge, 1, flipped)],
  ['a tampered signature', (forge) => tampered(forge, 2, flipped)],
  [
    'claims of another organization under an old signature',
    (forge) => {
      const [header, , signature] = forge.token().split('.');
      return [header, encode({ ...forge.goodClaims(), org_id: 'org_other' }), signature].join('.');
    },
  ],
  [
    'a signature over the claims alone',
    (forge) => forge.token({}, {}, (input) => byEc(forge.keys.es.privateKey)(input.split('.')[1] ?? '')),
  ],
];
