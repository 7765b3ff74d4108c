export interface FieldProblem {
  readonly param: string;
  readonly code: string;
  readonly message: string;
}

/** An answer that is an error. Decide on `status` and `code`; `message` is for people. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /** `invalid_request_error` and so on; null where whoever answered does not speak as the API does. */
  readonly type: string | null;
  readonly code: string | null;
  /** The first field at fault; `errors` has them all. */
  readonly param: string | null;
  readonly errors: readonly FieldProblem[];
  readonly requestId: string | null;
  /** After how many seconds asking again may help. */
  readonly retryAfter: number | null;

  constructor(request: string, response: Response, text: string) {
    const body = problemIn(text);
    super(`${request}: ${response.status} ${body.code ?? ''} ${body.message ?? text.slice(0, 200)}`.replaceAll(/ +/g, ' ').trim());
    this.status = response.status;
    this.type = body.type ?? null;
    this.code = body.code ?? null;
    this.param = body.param ?? null;
    this.errors = body.errors ?? [];
    this.requestId = response.headers.get('Request-Id');
    const seconds = response.headers.get('Retry-After');
    this.retryAfter = seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) : null;
  }
}

interface ProblemBody {
  readonly type?: string;
  readonly code?: string;
  readonly message?: string;
  readonly param?: string;
  readonly errors?: readonly FieldProblem[];
}

const problemIn = (text: string): ProblemBody => {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string' ? (body as ProblemBody) : {};
  } catch {
    return {};
  }
};
