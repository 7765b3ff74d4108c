export type ApiErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'not_found_error'
  | 'conflict_error'
  | 'rate_limit_error'
  | 'api_error';

export interface FieldError {
  readonly param: string;
  readonly code: string;
  readonly message: string;
}

/**
 * What the wire contract (section 5) says to a client. The error filter recognises any error that has an `api` of this shape,
 * so that a lib need not import this one to speak to clients; everything else becomes a 500 without detail.
 */
export interface ApiProblem {
  readonly status: number;
  readonly type: ApiErrorType;
  readonly code: string;
  readonly message: string;
  readonly param?: string;
  readonly errors?: readonly FieldError[];
  /** Extra headers of the answer, e.g. `Retry-After` in seconds. */
  readonly headers?: Readonly<Record<string, string>>;
}

export class ApiError extends Error {
  constructor(
    readonly api: ApiProblem,
    options?: { cause?: unknown },
  ) {
    super(api.message, options);
    this.name = 'ApiError';
  }
}
