/** Who sends a request, and for which organization. */
export interface Caller {
  readonly sub: string;
  readonly organizationId: string;
  readonly scopes: readonly string[];
  /** When the token ends, in milliseconds since the epoch: an answer that goes on until then ends with it. */
  readonly expiresAt: number;
}

const maxScopes = 200;

/** The caller of a token that has been verified; throws, with a word for the log, when a claim is not what it must be. */
export function callerOf(claims: unknown): Caller {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) throw new Error('The claims are no object.');
  const { sub, org_id: organizationId, exp, nbf, iat, scope, permissions } = claims as Record<string, unknown>;
  if (!isInstant(exp)) throw new Error('The token has no end that comes.');
  if (![nbf, iat].every((instant) => instant === undefined || isInstant(instant))) throw new Error('A time in the token is unusable.');
  // Frozen: it is handed to every request that comes with the token.
  return Object.freeze({
    sub: userOf(sub),
    organizationId: nameOf(organizationId, 'org_id'),
    scopes: Object.freeze([...new Set([...scopesOf(scope), ...permissionsOf(permissions)])]),
    expiresAt: exp * 1_000,
  });
}

// Beyond it, an issuer has written milliseconds, or a token is to be good for ever.
const lastSecond = Date.UTC(9999, 11, 31) / 1_000;

function isInstant(claim: unknown): claim is number {
  return typeof claim === 'number' && Number.isInteger(claim) && claim >= 0 && claim <= lastSecond;
}

/** What our services do is recorded as done by `service:<name>`: nobody's token may say that. */
function userOf(claim: unknown): string {
  const sub = nameOf(claim, 'sub');
  if (/^service:/i.test(sub)) throw new Error('The claim sub is a name of our services.');
  return sub;
}

function nameOf(claim: unknown, name: string): string {
  // No control characters, no blanks around: these names end up in logs, events and comparisons.
  if (typeof claim !== 'string' || !/^(?!\s)[^\p{C}]{1,255}(?<!\s)$/u.test(claim))
    throw new Error(`The claim ${name} is missing or unusable.`);
  return claim;
}

function scopesOf(claim: unknown): readonly string[] {
  if (claim === undefined) return [];
  if (typeof claim !== 'string') throw new Error('The claim scope is no text.');
  return bounded(claim.split(' ').filter((scope) => scope !== ''));
}

function permissionsOf(claim: unknown): readonly string[] {
  if (claim === undefined) return [];
  if (!Array.isArray(claim) || !claim.every((one): one is string => typeof one === 'string')) {
    throw new Error('The claim permissions is no list of texts.');
  }
  return bounded(claim);
}

function bounded(scopes: readonly string[]): readonly string[] {
  if (scopes.length > maxScopes) throw new Error('The token has too many scopes.');
  return scopes;
}
