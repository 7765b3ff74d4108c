type AuthErrorType = 'authentication_error' | 'permission_error' | 'api_error';

/** What a client is told, in the shape that the error filter of every service recognises. */
interface Problem {
  readonly status: number;
  readonly type: AuthErrorType;
  readonly code: string;
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

const unauthenticated = (code: string, message: string, challenge: string, cause?: unknown): AuthError =>
  new AuthError({ status: 401, type: 'authentication_error', code, message, headers: { 'WWW-Authenticate': challenge } }, { cause });

// RFC 6750: a request without credentials is told the scheme and nothing of an error.
export const tokenMissing = (): AuthError => unauthenticated('token_missing', 'The request needs a bearer token.', 'Bearer');

export const tokenExpired = (): AuthError =>
  unauthenticated('token_expired', 'The bearer token has expired.', 'Bearer error="invalid_token"');

/** Which check failed is in the cause, for the log; a client that forges tokens learns nothing from it. */
export const tokenInvalid = (cause?: unknown): AuthError =>
  unauthenticated('token_invalid', 'The bearer token is not valid here.', 'Bearer error="invalid_token"', cause);

export const scopeMissing = (scopes: readonly string[]): AuthError =>
  new AuthError({
    status: 403,
    type: 'permission_error',
    code: 'scope_missing',
    message: `The token lacks the scope ${scopes.join(' ')}.`,
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"` },
  });

/** The token may be good, but nobody can tell before the issuer answers again. */
export const issuerUnavailable = (cause: unknown): AuthError =>
  new AuthError(
    {
      status: 503,
      type: 'api_error',
      code: 'dependency_unavailable',
      message: 'The token cannot be checked now. Try again later.',
      headers: { 'Retry-After': '2' },
    },
    { cause },
  );
