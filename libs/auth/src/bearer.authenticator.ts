import type { KeyObject } from 'node:crypto';
import { callbackify } from 'node:util';
import passport from 'passport';
import { Strategy } from 'passport-jwt';
import { AuthError, tokenExpired, tokenInvalid, tokenMissing } from './auth.error.js';
import { callerOf, type Caller } from './caller.js';
import type { SigningAlgorithm, SigningKeys } from './signing-keys.js';
import { tokenParts } from './token-parts.js';
import { VerifiedTokens, type VerifiedToken } from './verified-tokens.js';

export interface BearerOptions {
  /** Exactly what `iss` says. */
  readonly issuer: string;
  /** What `aud` says, or contains. */
  readonly audience: string;
  readonly algorithms: readonly SigningAlgorithm[];
  readonly keys: SigningKeys;
}

/** What passport takes for a request: the token, and the key that was found for it. */
interface Checked {
  readonly token: string;
  signedBy?: Pick<VerifiedToken, 'kid' | 'algorithm' | 'key'>;
}

const maxTokenLength = 8 * 1024;
const clockToleranceSeconds = 5;
// `crit` by RFC 7515 names what must be understood; the others change what the claims' bytes are, also where `crit` does not say so.
const extensions = ['crit', 'b64', 'zip', 'enc', 'cty'];
const tokenTypes = new Set<unknown>([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);

/** Tells who sends a request from its `Authorization` header, by passport's JWT strategy. */
export class BearerAuthenticator {
  // Passport's default instance is one for the process, and would mix up the services of a process.
  readonly #passport = new passport.Passport();
  readonly #verified = new VerifiedTokens();

  constructor(private readonly options: BearerOptions) {
    const { issuer, audience, algorithms } = options;
    const findKey = callbackify((checked: Checked) => this.keyFor(checked));
    const strategy = new Strategy(
      {
        jwtFromRequest: ({ token }: Checked) => token,
        secretOrKeyProvider: (checked: Checked, _token: string, done) => {
          // A key of Node's own is taken too, which the types do not say; a PEM would be parsed again for each request.
          findKey(checked, done as (error: unknown, key?: unknown) => void);
        },
        jsonWebTokenOptions: { clockTolerance: clockToleranceSeconds },
        issuer,
        audience,
        algorithms: [...algorithms],
        passReqToCallback: true,
      },
      ({ token, signedBy }: Checked, claims: unknown, done: (error: unknown, caller: Caller | false, reason?: unknown) => void) => {
        try {
          const caller = callerOf(claims);
          if (signedBy !== undefined) this.#verified.remember(token, { caller, ...signedBy, ...lifetimeOf(claims) });
          done(null, caller);
        } catch (error) {
          done(null, false, error);
        }
      },
    );
    this.#passport.use(strategy);
  }

  /** Who sent the header, when its token has been found to be good before and still is; `undefined` when that must be found out. */
  recall(authorization: string | undefined): Caller | undefined {
    const token = tokenOf(authorization);
    return token === undefined || token.length > maxTokenLength ? undefined : this.#verified.recall(token, this.#isStillGood);
  }

  /** Throws an `AuthError`: `token_missing`, `token_expired`, `token_invalid`, or `dependency_unavailable`. */
  async authenticate(authorization: string | undefined): Promise<Caller> {
    const token = tokenOf(authorization);
    if (token === undefined) throw /^bearer\b/i.test(authorization ?? '') ? tokenInvalid() : tokenMissing();
    if (token.length > maxTokenLength) throw tokenInvalid();
    return new Promise((resolve, reject) => {
      const settle = (error: unknown, caller: Caller | false | null, reason: unknown): void => {
        if (caller) resolve(caller);
        else reject(asAuthError(error ?? reason));
      };
      this.#passport.authenticate('jwt', { session: false }, settle)({ token } satisfies Checked, {}, reject);
    });
  }

  /** By the rules that it was verified by, and only with the very key: one that has come in its place is another object. */
  readonly #isStillGood = ({ kid, algorithm, key, notBefore, expires }: VerifiedToken): boolean => {
    const seconds = Math.floor(Date.now() / 1_000);
    const isInTime = notBefore <= seconds + clockToleranceSeconds && seconds < expires + clockToleranceSeconds;
    return isInTime && this.options.keys.known(kid, algorithm) === key;
  };

  /** Keys come from the issuer alone: a key or an address of one in the token itself (`jwk`, `jku`, `x5c`, `x5u`) is not looked at. */
  private async keyFor(checked: Checked): Promise<KeyObject> {
    const { header, claims } = tokenParts(checked.token);
    const { alg, kid, typ } = header;
    if (extensions.some((name) => header[name] !== undefined)) throw new Error('The token asks for an extension.');
    if (!tokenTypes.has(typeof typ === 'string' ? typ.toLowerCase() : typ)) throw new Error('The token is of another type.');
    if (typeof kid !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(kid)) throw new Error('The token names no usable key.');
    const algorithm = this.options.algorithms.find((allowed) => allowed === alg);
    if (algorithm === undefined) throw new Error('The algorithm is not allowed.');
    // Looked at again once it is verified. Here it spares the issuer questions about tokens that are not its own.
    if (claims['iss'] !== this.options.issuer) throw new Error('The token is of another issuer.');
    const key = await this.options.keys.find(kid, algorithm);
    if (key === undefined) throw new Error('The issuer has no such key for the algorithm.');
    checked.signedBy = { kid, algorithm, key };
    return key;
  }
}

function tokenOf(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : /^bearer +(\S+) *$/i.exec(authorization)?.[1];
}

/** Of claims that `callerOf` takes, and jsonwebtoken has looked at: both are numbers, where they are. */
function lifetimeOf(claims: unknown): Pick<VerifiedToken, 'notBefore' | 'expires'> {
  const { nbf, exp } = claims as { readonly nbf?: number; readonly exp: number };
  return { notBefore: nbf ?? 0, expires: exp };
}

function asAuthError(reason: unknown): AuthError {
  if (reason instanceof AuthError) return reason;
  return reason instanceof Error && reason.name === 'TokenExpiredError' ? tokenExpired() : tokenInvalid(reason);
}
