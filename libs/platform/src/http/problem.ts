import { HttpException } from '@nestjs/common';
import type { ApiErrorType, ApiProblem, FieldError } from '../api-error.js';

/** What an error answer's body is, to the field. */
export interface ProblemBody {
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly doc_url: string;
  readonly param?: string;
  readonly errors?: readonly FieldError[];
}

export function problemBody({ type, code, message, param, errors }: ApiProblem, docUrlBase: string): ProblemBody {
  return {
    type,
    code,
    message,
    doc_url: `${docUrlBase}#${code}`,
    ...(param === undefined ? {} : { param }),
    ...(errors === undefined ? {} : { errors }),
  };
}

/** Every code that the platform answers by itself, with its type. The contract explains them; it is no import of ours. */
export const platformCodes = {
  malformed_request: 'invalid_request_error',
  malformed_json: 'invalid_request_error',
  parameter_unknown: 'invalid_request_error',
  parameter_missing: 'invalid_request_error',
  parameter_invalid: 'invalid_request_error',
  request_timeout: 'invalid_request_error',
  payload_too_large: 'invalid_request_error',
  url_too_long: 'invalid_request_error',
  unsupported_media_type: 'invalid_request_error',
  headers_too_large: 'invalid_request_error',
  token_invalid: 'authentication_error',
  forbidden: 'permission_error',
  route_not_found: 'not_found_error',
  method_not_allowed: 'not_found_error',
  too_many_requests: 'rate_limit_error',
  internal_server_error: 'api_error',
  dependency_unavailable: 'api_error',
} as const satisfies Record<string, ApiErrorType>;

export type PlatformCode = keyof typeof platformCodes;

/** An answer of the platform's own. */
export const platformProblem = (
  status: number,
  code: PlatformCode,
  message: string,
  more: Pick<ApiProblem, 'param' | 'errors' | 'headers'> = {},
): ApiProblem => ({ status, type: platformCodes[code], code, message, ...more });

export const malformedJson = (reason: string): ApiProblem =>
  platformProblem(400, 'malformed_json', `The body is not usable JSON: ${reason}.`);

const internalServerError = platformProblem(
  500,
  'internal_server_error',
  'Something went wrong on our side. The Request-Id header names this request.',
);

export const dependencyUnavailable = (
  message = 'A system that this request needs does not answer now. Try again later.',
  retryAfterSeconds = 2,
): ApiProblem => platformProblem(503, 'dependency_unavailable', message, { headers: { 'Retry-After': String(retryAfterSeconds) } });

/** What the framework refuses by itself. Its own wording is not for clients: it may quote them, or name our internals. */
const frameworkProblems: Readonly<Record<number, ApiProblem>> = {
  400: platformProblem(400, 'malformed_request', 'The request is malformed.'),
  401: platformProblem(401, 'token_invalid', 'The request is not authenticated.'),
  403: platformProblem(403, 'forbidden', 'The caller may not do this.'),
  404: platformProblem(404, 'route_not_found', 'There is nothing at this address.'),
  408: platformProblem(408, 'request_timeout', 'The request took too long to arrive.'),
  413: platformProblem(413, 'payload_too_large', 'The body is larger than 1 MiB.'),
  414: platformProblem(414, 'url_too_long', 'The address of the request is too long.'),
  415: platformProblem(415, 'unsupported_media_type', 'A body is JSON in UTF-8: Content-Type: application/json.'),
  431: platformProblem(431, 'headers_too_large', 'The headers of the request are too large.'),
  503: dependencyUnavailable(),
};

/** Also where it is JSON: what is compressed would be read as it is. */
export const encodedBody = platformProblem(415, 'unsupported_media_type', 'A body is sent as it is, without a Content-Encoding.', {
  headers: { 'Accept-Encoding': 'identity' },
});

export const methodNotAllowed = (allowed: readonly string[]): ApiProblem => {
  const methods = allowed.join(', ');
  return platformProblem(405, 'method_not_allowed', `This address takes ${methods} only.`, { headers: { Allow: methods } });
};

const dependencyCodes = new Set<unknown>(['store_unavailable', 'messaging_unavailable', 'database_unavailable']);

export function frameworkProblem(status: number): ApiProblem {
  const fallback =
    status >= 400 && status < 500 ? platformProblem(status, 'malformed_request', 'The request is not usable.') : internalServerError;
  return frameworkProblems[status] ?? fallback;
}

/** What a client is told about an error; only an error that has an `api` says anything of its own. */
export function problemOf(error: unknown): ApiProblem {
  if (typeof error !== 'object' || error === null) return internalServerError;
  if ('api' in error && isApiProblem(error.api)) return error.api;
  if ('code' in error && dependencyCodes.has(error.code)) return dependencyUnavailable();
  if (error instanceof HttpException) return frameworkProblem(error.getStatus());
  if (error instanceof Error && error.name === 'FastifyError' && 'statusCode' in error) return frameworkProblem(Number(error.statusCode));
  return internalServerError;
}

function isApiProblem(api: unknown): api is ApiProblem {
  if (typeof api !== 'object' || api === null) return false;
  const { status, type, code, message } = api as Partial<Record<keyof ApiProblem, unknown>>;
  const worded = typeof type === 'string' && typeof code === 'string' && typeof message === 'string';
  return worded && typeof status === 'number' && status >= 400 && status <= 599;
}
