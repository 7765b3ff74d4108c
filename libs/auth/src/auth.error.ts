/** Every code that is answered here, with its type. The contract explains them; it is no import of ours. */
export const authCodes = {
  token_missing: 'authentication_error',
  token_expired: 'authentication_error',
  token_invalid: 'authentication_error',
  scope_missing: 'permission_error',
  dependency_unavailable: 'api_error',
} as const;

type AuthCode = keyof typeof authCodes;

/** What a client is told, in the shape that the error filter of every service recognises. */
interface Problem {
  readonly status: number;
  readonly type: (typeof authCodes)[AuthCode];
  readonly code: AuthCode;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

export class AuthError extends Error {
  readonly code: string;

  constructor(
    readonly api: Problem,
    options?: { cause?: unknown },
  ) {
    super(api.message, options);
    this.name = 'AuthError';
    this.code = api.code;
  }
}

const authError = (status: number, code: AuthCode, message: string, headers: Problem['headers'], cause?: unknown): AuthError =>
  new AuthError({ status, type: authCodes[code], code, message, headers }, { cause });

const unauthenticated = (code: AuthCode, message: string, challenge: string, cause?: unknown): AuthError =>
  authError(401, code, message, { 'WWW-Authenticate': challenge }, cause);

// RFC 6750: a request without credentials is told the scheme and nothing of an error.
export const tokenMissing = (): AuthError => unauthenticated('token_missing', 'The request needs a bearer token.', 'Bearer');

export const tokenExpired = (): AuthError =>
  unauthenticated('token_expired', 'The bearer token has expired.', 'Bearer error="invalid_token"');

/** Which check failed is in the cause, for the log; a client that forges tokens learns nothing from it. */
export const tokenInvalid = (cause?: unknown): AuthError =>
  unauthenticated('token_invalid', 'The bearer token is not valid here.', 'Bearer error="invalid_token"', cause);

export const scopeMissing = (scopes: readonly string[]): AuthError => {
  const wanted = scopes.join(' ');
  const challenge = `Bearer error="insufficient_scope", scope="${wanted}"`;
  return authError(403, 'scope_missing', `The token lacks the scope ${wanted}.`, { 'WWW-Authenticate': challenge });
};

/** The token may be good, but nobody can tell before the issuer answers again. */
export const issuerUnavailable = (cause: unknown): AuthError =>
  authError(503, 'dependency_unavailable', 'The token cannot be checked now. Try again later.', { 'Retry-After': '2' }, cause);
