import { byEc, byHmac, encode, goodHeader, jwkOf, without, type Forge, type Forgery, type Json } from './forge.js';

/** By a key that only the forger has; the header says where that might be found. */
const byStranger = (header: (forge: Forge) => Json) => (forge: Forge) =>
  forge.token(header(forge), {}, byEc(forge.keys.strangerEs.privateKey));

/** A kid that the issuer does not know. */
const kid = (value: unknown) => byStranger(() => ({ kid: value }));

const headerText = (text: (good: string) => string) => (forge: Forge) => forge.token(text(JSON.stringify(goodHeader)));

/** The header misleads: about the key, the type, or what must be understood. */
export const forgedHeaders: readonly Forgery[] = [
  ['an unknown kid', kid('unknown')],
  ['an unknown kid and a good signature', (forge) => forge.token({ kid: 'unknown' })],
  ['no kid, with several keys published', (forge) => forge.token(without('kid'))],
  ['no kid, though one published key has none', byStranger(() => without('kid'))],
  ['an empty kid', (forge) => forge.token({ kid: '' })],
  ['a kid that is null', (forge) => forge.token({ kid: null })],
  ['a kid that is an object', (forge) => forge.token({ kid: { es: true } })],
  ['a kid that is a list', (forge) => forge.token({ kid: ['es'] })],
  ['a kid in capitals', (forge) => forge.token({ kid: 'ES' })],
  ['a kid and a NUL', (forge) => forge.token({ kid: 'es\0' })],
  ['a kid and a line end', (forge) => forge.token({ kid: 'es\n' })],
  ['a kid that is too long', (forge) => forge.token({ kid: 'k'.repeat(201) })],
  ['a kid that is far too long', (forge) => forge.token({ kid: 'k'.repeat(4_000) })],
  ['a kid that walks the file system', (forge) => forge.token({ alg: 'HS256', kid: '../../../../dev/null' }, {}, byHmac(''))],
  ['a kid that names a file', kid('file:///etc/passwd')],
  ['a kid that asks a database', kid("es' UNION SELECT 'secret")],
  ['a kid that runs a command', kid('es|/usr/bin/id')],
  ['a kid of every object', kid('__proto__')],
  ["a kid that is the forger's address", byStranger(({ options }) => ({ kid: `${options.attackerUrl}/kid` }))],
  ['a key in its header', byStranger(({ keys }) => ({ kid: 'own', jwk: jwkOf(keys.strangerEs.publicKey) }))],
  ['a key in its header under a known kid', byStranger(({ keys }) => ({ jwk: { ...jwkOf(keys.strangerEs.publicKey), kid: 'es' } }))],
  ['an address of keys', byStranger(({ options }) => ({ kid: 'own', jku: `${options.attackerUrl}/jwks.json` }))],
  ['an address of keys under a known kid', byStranger(({ options }) => ({ jku: `${options.attackerUrl}/jwks.json` }))],
  ['an address of a certificate', byStranger(({ options }) => ({ x5u: `${options.attackerUrl}/x5u.pem` }))],
  [
    'a certificate',
    byStranger(({ keys }) => ({ x5c: [keys.strangerEs.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')] })),
  ],
  ['the print of a certificate', byStranger(() => ({ kid: 'own', 'x5t#S256': 'A'.repeat(43) }))],
  ['an extension that it calls critical', (forge) => forge.token({ crit: ['exp-policy'], 'exp-policy': 'never' })],
  ['an empty list of critical extensions', (forge) => forge.token({ crit: [] })],
  ['b64 false, critical', (forge) => forge.token({ crit: ['b64'], b64: false })],
  ['b64 false', (forge) => forge.token({ b64: false })],
  [
    'b64 false, with claims as they are',
    (forge) => {
      const input = `${encode({ alg: 'ES256', kid: 'es', b64: false, crit: ['b64'] })}.${JSON.stringify(forge.goodClaims())}`;
      return `${input}.${byEc(forge.keys.es.privateKey)(input).toString('base64url')}`;
    },
  ],
  ['zip', (forge) => forge.token({ zip: 'DEF' })],
  ['an encryption', (forge) => forge.token({ enc: 'A256GCM' })],
  ['a type of another token', (forge) => forge.token({ typ: 'logout+jwt' })],
  ['the type of an identity', (forge) => forge.token({ typ: 'id+jwt' })],
  ['the type of a proof of possession', (forge) => forge.token({ typ: 'dpop+jwt' })],
  ['a type that is a list', (forge) => forge.token({ typ: ['at+jwt'] })],
  ['a type that is null', (forge) => forge.token({ typ: null })],
  ['a good token inside of it', (forge) => forge.token({ cty: 'JWT' }, encode(forge.token()))],
  ['the type of a token inside of it', (forge) => forge.token({ cty: 'JWT' })],
  ['an alg twice', headerText((good) => good.replace('{', '{"alg":"none",'))],
  ['a kid twice, once escaped', headerText((good) => good.replace('{', String.raw`{"k\u0069d":"other",`))],
  ['a mark of byte order', headerText((good) => `\uFEFF${good}`)],
  ['a header that is no JSON', headerText(() => '{')],
  ['a header that is null', headerText(() => 'null')],
  ['a header that is a list', headerText((good) => `[${good}]`)],
  ['a header that is text', headerText((good) => JSON.stringify(good))],
  ['a header that is very long', (forge) => forge.token({ padding: 'x'.repeat(2_000) })],
];
