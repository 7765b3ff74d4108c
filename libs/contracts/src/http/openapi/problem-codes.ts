import type { Operation } from '../operations/index.js';
import type { ProblemCode } from '../problem.js';

/** Of any request at all. */
const always: readonly ProblemCode[] = ['too_many_requests', 'internal_server_error', 'dependency_unavailable'];
const ofTokens: readonly ProblemCode[] = ['token_missing', 'token_expired', 'token_invalid', 'scope_missing'];
/** A body is read before anybody asks whether one is taken. */
const ofAnyBody: readonly ProblemCode[] = ['malformed_json', 'payload_too_large', 'unsupported_media_type'];
const ofTakenBodies: readonly ProblemCode[] = ['parameter_unknown', 'parameter_missing', 'parameter_invalid'];
const ofQueries: readonly ProblemCode[] = ['parameter_unknown', 'parameter_invalid'];

/** Of requests of which nobody knows what they are for. */
export const ofNoOperation: readonly ProblemCode[] = [
  'malformed_request',
  'request_timeout',
  'url_too_long',
  'headers_too_large',
  'route_not_found',
  'method_not_allowed',
];

/** Of the framework, which may refuse a caller for a reason of its own, and of what only services among each other run into. */
export const ofNoClient: readonly ProblemCode[] = ['forbidden', 'script_already_exists', 'launch_too_early', 'rollout_already_completed'];

/** Headers of a form of their own: what is none is 400, `parameter_invalid`. */
const strictHeaders = ['Idempotency-Key', 'If-Match', 'Min-Version'] as const;

export interface PossibleProblem {
  readonly code: ProblemCode;
  /** Where it is not the one that the catalogue has. */
  readonly status?: number;
}

/** Everything that an operation may answer instead of what was asked for. */
export const problemsOf = (operation: Operation): readonly PossibleProblem[] => {
  if (operation.tag === 'Service' || operation.tellsErrorsAs === 'page') return [];
  const codes = new Set<ProblemCode>([
    ...(operation.access === 'public' ? [] : ofTokens),
    ...(operation.method === 'GET' ? [] : ofAnyBody),
    ...(operation.body ? ofTakenBodies : []),
    ...(operation.query ? ofQueries : []),
    // A query, or a body, where none is declared.
    'parameter_unknown',
    ...operation.problems,
    ...always,
  ]);
  const isStrict = operation.headers?.some((name) => strictHeaders.some((strict) => strict === name)) ?? false;
  return [...[...codes].map((code) => ({ code })), ...(isStrict ? [{ code: 'parameter_invalid', status: 400 } as const] : [])];
};
