import type { ScheduledScriptRejection } from '@scheduled-scripts/domain';
import type { problemTypes } from './problem.resource.js';

export type ProblemType = (typeof problemTypes)[number];

export interface HttpProblem {
  readonly status: number;
  readonly type: ProblemType;
  readonly code: ProblemCode;
  readonly message: string;
  readonly param?: string;
  readonly errors?: readonly { readonly param: string; readonly code: string; readonly message: string }[];
  readonly headers?: Readonly<Record<string, string>>;
}

type Entry = readonly [status: number, type: ProblemType, message: string];

/** Every code that a client may meet, with what it means. */
const catalogue = {
  malformed_json: [400, 'invalid_request_error', 'The body is not valid JSON.'],
  parameter_unknown: [400, 'invalid_request_error', 'The request has a parameter that does not exist.'],
  token_missing: [401, 'authentication_error', 'A bearer token is required.'],
  token_expired: [401, 'authentication_error', 'The token has expired.'],
  token_invalid: [401, 'authentication_error', 'The token is not valid here.'],
  scope_missing: [403, 'permission_error', 'The token lacks the scope that this needs.'],
  self_authorization_forbidden: [403, 'permission_error', 'An author of the script may not authorize it: somebody else must.'],
  script_not_found: [404, 'not_found_error', 'No such scheduled script.'],
  execution_not_found: [404, 'not_found_error', 'The scheduled script has no such execution.'],
  backup_not_found: [404, 'not_found_error', 'No backup was taken for this execution.'],
  site_not_found: [404, 'not_found_error', 'No such site.'],
  route_not_found: [404, 'not_found_error', 'Nothing is served at this path.'],
  method_not_allowed: [405, 'not_found_error', 'This path does not serve that method.'],
  script_already_exists: [409, 'conflict_error', 'A scheduled script with this id already exists.'],
  script_already_launched: [409, 'conflict_error', 'The script has already been launched.'],
  script_cancelled: [409, 'conflict_error', 'The script has been cancelled.'],
  not_authorizable: [409, 'conflict_error', 'Only an unauthorized script can be authorized.'],
  not_launchable: [409, 'conflict_error', 'Only a scheduled script can be launched.'],
  not_abortable: [409, 'conflict_error', 'Only a launched script can be aborted.'],
  launch_time_passed: [409, 'conflict_error', 'The launch time has passed: give the script a new one.'],
  launch_too_early: [409, 'conflict_error', 'The launch time has not come yet.'],
  rollout_already_completed: [409, 'conflict_error', 'The rollout has already ended at every site.'],
  idempotency_key_reused: [409, 'conflict_error', 'This idempotency key was used for another request.'],
  idempotency_key_in_use: [409, 'conflict_error', 'The first request with this idempotency key is still running.'],
  site_already_exists: [409, 'conflict_error', 'A site with this id already exists.'],
  site_serial_taken: [409, 'conflict_error', 'Another site has this serial number.'],
  site_check_in_progress: [409, 'conflict_error', 'This site is being checked already.'],
  site_in_use: [409, 'conflict_error', 'A pending script targets this site.'],
  revision_mismatch: [412, 'conflict_error', 'The script has changed since the version that If-Match names.'],
  payload_too_large: [413, 'invalid_request_error', 'The body is too large.'],
  unsupported_media_type: [415, 'invalid_request_error', 'The body must be application/json.'],
  parameter_missing: [422, 'invalid_request_error', 'A required parameter is missing.'],
  parameter_invalid: [422, 'invalid_request_error', 'A parameter is not valid.'],
  launch_at_in_past: [422, 'invalid_request_error', 'launch_at must lie in the future.'],
  unknown_site: [422, 'invalid_request_error', 'A site is not known.'],
  no_approver: [422, 'invalid_request_error', 'Nobody in notify may approve this script.'],
  no_test_site: [422, 'invalid_request_error', 'The script has no test_site_id to run at.'],
  too_many_requests: [429, 'rate_limit_error', 'Too many requests: slow down.'],
  internal_server_error: [500, 'api_error', 'Something went wrong on our side.'],
  dependency_unavailable: [503, 'api_error', 'A part of the service cannot be reached now. Try again shortly.'],
  projection_behind: [503, 'api_error', 'The version that Min-Version names is not visible yet. Try again shortly.'],
} as const satisfies Record<string, Entry>;

export type ProblemCode = keyof typeof catalogue;

export const problemCodes = Object.keys(catalogue) as readonly ProblemCode[];

export type ProblemDetail = Partial<Pick<HttpProblem, 'message' | 'param' | 'errors' | 'headers'>>;

/** What a client is told for `code`; `detail` says more of this one case. */
export const problem = (code: ProblemCode, detail: ProblemDetail = {}): HttpProblem => {
  const [status, type, message] = catalogue[code];
  return { status, type, code, message, ...detail };
};

/** One 422 that names each site which the caller's organization does not have. `param`: the field that names them. */
export const unknownSites = (sites: readonly { readonly param: string; readonly siteId: string }[]): HttpProblem => {
  const errors = sites.map(({ param, siteId }) => ({ param, code: 'unknown_site', message: `The site ${siteId} is not known.` }));
  const [first] = errors;
  return problem('unknown_site', first ? { message: first.message, param: first.param, errors } : {});
};

export const projectionBehind = (): HttpProblem => problem('projection_behind', { headers: { 'Retry-After': '1' } });

/** What a client is told when a decision went against the command. */
export const problemOf = (rejection: ScheduledScriptRejection): HttpProblem => {
  switch (rejection.code) {
    case 'revision_mismatch':
      return problem(rejection.code, { message: `The script has changed: it stands at version ${rejection.version}.`, param: 'If-Match' });
    case 'not_authorizable':
      return problem(rejection.code, { message: `Only an unauthorized script can be authorized; this one is ${rejection.status}.` });
    case 'not_launchable':
      return problem(rejection.code, { message: `Only a scheduled script can be launched; this one is ${rejection.status}.` });
    case 'not_abortable':
      return problem(rejection.code, { message: `Only a launched script can be aborted; this one is ${rejection.status}.` });
    case 'launch_at_in_past':
      return problem(rejection.code, { param: 'launch_at' });
    case 'no_approver':
      return problem(rejection.code, { param: 'notify' });
    case 'no_test_site':
      return problem(rejection.code, { param: 'test_site_id' });
    default:
      return problem(rejection.code);
  }
};
