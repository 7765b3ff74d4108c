import { HttpException } from '@nestjs/common';
import type { ApiProblem, FieldError } from '../api-error.js';

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

const requestProblem = (status: number, code: string, message: string): ApiProblem => ({
  status,
  type: 'invalid_request_error',
  code,
  message,
});

export const malformedJson = (reason: string): ApiProblem =>
  requestProblem(400, 'malformed_json', `The body is not usable JSON: ${reason}.`);

const internalServerError: ApiProblem = {
  status: 500,
  type: 'api_error',
  code: 'internal_server_error',
  message: 'Something went wrong on our side. The Request-Id header names this request.',
};

const dependencyUnavailable: ApiProblem = {
  status: 503,
  type: 'api_error',
  code: 'dependency_unavailable',
  message: 'A system that this request needs does not answer now. Try again later.',
  headers: { 'Retry-After': '2' },
};

/** What the framework refuses by itself. Its own wording is not for clients: it may quote them, or name our internals. */
const frameworkProblems: Readonly<Record<number, ApiProblem>> = {
  400: requestProblem(400, 'malformed_request', 'The request is malformed.'),
  401: { status: 401, type: 'authentication_error', code: 'token_invalid', message: 'The request is not authenticated.' },
  403: { status: 403, type: 'permission_error', code: 'forbidden', message: 'The caller may not do this.' },
  404: { status: 404, type: 'not_found_error', code: 'route_not_found', message: 'There is nothing at this address.' },
  408: requestProblem(408, 'request_timeout', 'The request took too long to arrive.'),
  413: requestProblem(413, 'payload_too_large', 'The body is larger than 1 MiB.'),
  414: requestProblem(414, 'url_too_long', 'The address of the request is too long.'),
  415: requestProblem(415, 'unsupported_media_type', 'A body is JSON in UTF-8: Content-Type: application/json.'),
  431: requestProblem(431, 'headers_too_large', 'The headers of the request are too large.'),
  503: dependencyUnavailable,
};

export const methodNotAllowed = (allowed: readonly string[]): ApiProblem => ({
  status: 405,
  type: 'not_found_error',
  code: 'method_not_allowed',
  message: `This address takes ${allowed.join(', ')} only.`,
  headers: { Allow: allowed.join(', ') },
});

const dependencyCodes = new Set<unknown>(['store_unavailable', 'messaging_unavailable', 'database_unavailable']);

export function frameworkProblem(status: number): ApiProblem {
  const fallback =
    status >= 400 && status < 500 ? requestProblem(status, 'malformed_request', 'The request is not usable.') : internalServerError;
  return frameworkProblems[status] ?? fallback;
}

/** What a client is told about an error; only an error that has an `api` says anything of its own. */
export function problemOf(error: unknown): ApiProblem {
  if (typeof error !== 'object' || error === null) return internalServerError;
  if ('api' in error && isApiProblem(error.api)) return error.api;
  if ('code' in error && dependencyCodes.has(error.code)) return dependencyUnavailable;
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
