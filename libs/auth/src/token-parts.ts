type Json = Readonly<Record<string, unknown>>;

/** What a token says, before anybody has checked who says it. */
export interface TokenParts {
  readonly header: Json;
  readonly claims: Json;
}

const maxHeaderLength = 1024;
// A mark of byte order stays in the text, which then is no JSON.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Throws where a token is not written as RFC 7515 and 7519 have it. Stricter than the library that verifies: a token has one spelling,
 * and a name that occurs twice would mean one thing here and perhaps another to the issuer.
 */
export function tokenParts(token: string): TokenParts {
  const [header = '', claims = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || signature === '' || header.length > maxHeaderLength) throw new Error('The token is malformed.');
  bytesOf(signature);
  return { header: objectOf(header), claims: objectOf(claims) };
}

function bytesOf(encoded: string): Buffer {
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.toString('base64url') !== encoded) throw new Error('A part of the token is no base64url.');
  return bytes;
}

function objectOf(encoded: string): Json {
  const text = utf8.decode(bytesOf(encoded));
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('A part of the token is no object.');
  if (repeatsName(text)) throw new Error('A part of the token has a name twice.');
  return { ...value };
}

/** The parser's own words quote the text, and reasons go to the log. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('A part of the token is no JSON.');
  }
}

const marks = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/** Of text that is known to be a JSON object; only its own names count, not those further in. */
function repeatsName(text: string): boolean {
  const names = new Set<unknown>();
  let depth = 0;
  let last = '';
  for (const [mark] of text.matchAll(marks)) {
    if (mark === '{' || mark === '[') depth += 1;
    else if (mark === '}' || mark === ']') depth -= 1;
    else if (mark === ':' && depth === 1) {
      const name: unknown = JSON.parse(last);
      if (names.has(name)) return true;
      names.add(name);
    }
    last = mark;
  }
  return false;
}
