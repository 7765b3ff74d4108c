import type { KeyObject } from 'node:crypto';
import { callbackify } from 'node:util';
import passport from 'passport';
import { Strategy } from 'passport-jwt';
import { AuthError, tokenExpired, tokenInvalid, tokenMissing } from './auth.error.js';
import { callerOf, type Caller } from './caller.js';
import type { SigningAlgorithm, SigningKeys } from './signing-keys.js';

export interface BearerOptions {
  /** Exactly what `iss` says. */
  readonly issuer: string;
  /** What `aud` says, or contains. */
  readonly audience: string;
  readonly algorithms: readonly SigningAlgorithm[];
  readonly keys: SigningKeys;
}

const maxTokenLength = 8 * 1024;
const maxHeaderLength = 1024;
const clockToleranceSeconds = 5;
const tokenTypes = new Set<unknown>([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);

/** Tells who sends a request from its `Authorization` header, by passport's JWT strategy. */
export class BearerAuthenticator {
  // Passport's default instance is one for the process, and would mix up the services of a process.
  readonly #passport = new passport.Passport();

  constructor(private readonly options: BearerOptions) {
    const { issuer, audience, algorithms } = options;
    const findKey = callbackify((token: string) => this.keyFor(token));
    const strategy = new Strategy(
      {
        jwtFromRequest: (request: { token: string }) => request.token,
        secretOrKeyProvider: (_request: unknown, token: string, done) => {
          // A key of Node's own is taken too, which the types do not say; a PEM would be parsed again for each request.
          findKey(token, done as (error: unknown, key?: unknown) => void);
        },
        jsonWebTokenOptions: { clockTolerance: clockToleranceSeconds },
        issuer,
        audience,
        algorithms: [...algorithms],
      },
      (claims: unknown, done) => {
        try {
          done(null, callerOf(claims));
        } catch (error) {
          done(null, false, error);
        }
      },
    );
    this.#passport.use(strategy);
  }

  /** Throws an `AuthError`: `token_missing`, `token_expired`, `token_invalid`, or `dependency_unavailable`. */
  async authenticate(authorization: string | undefined): Promise<Caller> {
    const [, token] = /^bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) throw /^bearer\b/i.test(authorization ?? '') ? tokenInvalid() : tokenMissing();
    if (token.length > maxTokenLength) throw tokenInvalid();
    return new Promise((resolve, reject) => {
      const settle = (error: unknown, caller: Caller | false | null, reason: unknown): void => {
        if (caller) resolve(caller);
        else reject(asAuthError(error ?? reason));
      };
      this.#passport.authenticate('jwt', { session: false }, settle)({ token }, {}, reject);
    });
  }

  /** Keys come from the issuer alone: a key or an address of one in the token itself (`jwk`, `jku`, `x5c`, `x5u`) is not looked at. */
  private async keyFor(token: string): Promise<KeyObject> {
    const { alg, kid, typ, crit } = headerOf(token);
    if (crit !== undefined) throw new Error('The token asks for an extension.');
    if (!tokenTypes.has(typeof typ === 'string' ? typ.toLowerCase() : typ)) throw new Error('The token is of another type.');
    if (typeof kid !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(kid)) throw new Error('The token names no usable key.');
    if (!this.options.algorithms.some((allowed) => allowed === alg)) throw new Error('The algorithm is not allowed.');
    const known = await this.options.keys.find(kid);
    if (known === undefined) throw new Error('The issuer does not know the key.');
    if (known.algorithm !== alg) throw new Error('The key is for another algorithm.');
    return known.key;
  }
}

function headerOf(token: string): Record<string, unknown> {
  const [encoded = '', ...rest] = token.split('.');
  if (rest.length !== 2 || encoded.length > maxHeaderLength) throw new Error('The token is malformed.');
  const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw new Error('The header of the token is malformed.');
  return { ...header };
}

function asAuthError(reason: unknown): AuthError {
  if (reason instanceof AuthError) return reason;
  return reason instanceof Error && reason.name === 'TokenExpiredError' ? tokenExpired() : tokenInvalid(reason);
}
