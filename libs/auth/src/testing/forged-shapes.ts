import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { encode, type Forge, type Forgery } from './forge.js';

const parts = (form: (header: string, claims: string, signature: string) => string) => (forge: Forge) => {
  const [header = '', claims = '', signature = ''] = forge.token().split('.');
  return form(header, claims, signature);
};

/** What Node sends for text beyond ASCII, and a server reads byte by byte. */
const asBytes = (text: string): string => Buffer.from(text).toString('latin1');

/** A good token, encrypted for the issuer's own RSA key. */
const encrypted = (forge: Forge): string => {
  const header = encode({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'rsa', cty: 'JWT' });
  const contentKey = randomBytes(32);
  const vector = randomBytes(12);
  const wrapped = publicEncrypt(
    { key: forge.keys.rsa.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    contentKey,
  );
  const cipher = createCipheriv('aes-256-gcm', contentKey, vector).setAAD(Buffer.from(header));
  const text = Buffer.concat([cipher.update(forge.token()), cipher.final()]);
  return [header, encode(wrapped), encode(vector), encode(text), encode(cipher.getAuthTag())].join('.');
};

/** The same bits once more, in the letters that a lenient reader takes too. */
const respelled = (encoded: string): string => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return encoded.slice(0, -1) + (letters[letters.indexOf(encoded.at(-1) ?? '') + 1] ?? '');
};

/** The right words in the wrong form. */
export const forgedShapes: readonly Forgery[] = [
  ['not a token', () => 'nonsense'],
  ['two dots', () => '..'],
  ['null', () => 'null'],
  ['two parts', parts((header, claims) => `${header}.${claims}`)],
  ['no signature', parts((header, claims) => `${header}.${claims}.`)],
  ['no header', parts((_, claims, signature) => `.${claims}.${signature}`)],
  ['no claims', parts((header, _, signature) => `${header}..${signature}`)],
  ['four parts', parts((...all) => `${all.join('.')}.x`)],
  ['a dot behind', parts((...all) => `${all.join('.')}.`)],
  ['a dot before', parts((...all) => `.${all.join('.')}`)],
  ['two dots where one belongs', parts((header, claims, signature) => `${header}..${claims}.${signature}`)],
  ['an encrypted token', encrypted],
  ['half of it', parts((...all) => all.join('.').slice(0, 100))],
  ['parts in another order', parts((header, claims, signature) => `${claims}.${header}.${signature}`)],
  ['padding', parts((...all) => all.map((part) => part.padEnd(Math.ceil(part.length / 4) * 4 + 4, '=')).join('.'))],
  ['padding behind', (forge) => `${forge.token()}==`],
  ['letters of plain base64', parts((header, claims, signature) => `${header}.${claims}.+/${signature.slice(2)}`)],
  ['a signature spelled otherwise', parts((header, claims, signature) => `${header}.${claims}.${respelled(signature)}`)],
  ['blanks within', (forge) => forge.token().replace('.', ' . ')],
  ['a tab behind', (forge) => `${forge.token()}\t.`],
  ['quotation marks', (forge) => `"${forge.token()}"`],
  ['angle brackets', (forge) => `<${forge.token()}>`],
  ['the scheme twice', (forge) => `Bearer ${forge.token()}`],
  ['two tokens, with a comma', (forge) => `${forge.token()},${forge.token()}`],
  ['two tokens, with a comma and a blank', (forge) => `${forge.token()}, Bearer ${forge.token()}`],
  ['a parameter', (forge) => `token="${forge.token()}"`],
  ['escaped dots', (forge) => forge.token().replaceAll('.', '%2e')],
  ['full stops of another script', (forge) => asBytes(forge.token().replaceAll('.', '．'))],
  ['a letter of another script', (forge) => asBytes(forge.token().replace('e', 'е'))],
  ['a blank that does not break', (forge) => `\u00a0${forge.token()}`],
  ['JSON', parts((header, claims, signature) => JSON.stringify({ protected: header, payload: claims, signature }))],
  [
    'JSON with several signatures',
    parts((header, claims, signature) => JSON.stringify({ payload: claims, signatures: [{ protected: header, signature }] })),
  ],
  ['the base64 of a token', (forge) => encode(forge.token())],
  ['a token that is too long', (forge) => forge.token({}, { padding: 'x'.repeat(7_000) })],
];
