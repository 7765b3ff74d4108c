import { explanationOf, problemCodes, type ProblemCode } from '@scheduled-scripts/contracts';

/** What the document calls a `Problem`. */
export interface ProblemBody {
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly doc_url: string;
  readonly param?: string;
  readonly errors?: readonly { readonly param: string; readonly code: string; readonly message: string }[];
}

const typesByStatus: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'not_found_error',
  409: 'conflict_error',
  412: 'conflict_error',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'api_error',
};

const isKnown = (code: string): code is ProblemCode => (problemCodes as readonly string[]).includes(code);

/** None of a code that nobody explains. */
const statusesOf = (code: string): readonly number[] => (isKnown(code) ? explanationOf(code).statuses : []);

const isCode = (text: string): boolean => /^[a-z_]+$/.test(text);

/** However long what was sent is, what is told of it is short. */
const isLong = ({ message, param = '', errors = [] }: ProblemBody): boolean =>
  message.length > 1_000 ||
  [param, ...errors.map((one) => one.param)].some(({ length }) => length > 250) ||
  errors.some((one) => one.message.length > 500);

/** What does not belong together in a problem, whatever it was that was asked for, even if nothing is served there; or null. */
export const mismatch = (status: number, body: ProblemBody): string | null => {
  const { type, code, message, doc_url: doc, errors = [] } = body;
  const expected = typesByStatus[status] ?? 'invalid_request_error';
  if (type !== expected) return `the type of a ${status} is ${expected}, not ${type}`;
  if (!statusesOf(code).includes(status)) return `the code ${code} does not belong to a ${status}`;
  if (!doc.endsWith(`#${code}`)) return `doc_url is that of something else: ${doc}`;
  if (message === '') return 'a problem without words';
  if (!errors.every((one) => isCode(one.code))) return `no code of a field: ${errors.map((one) => one.code).join()}`;
  return isLong(body) ? 'a problem that is as long as what was sent' : null;
};
