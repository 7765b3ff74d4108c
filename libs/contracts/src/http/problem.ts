import type { ScheduledScriptRejection } from '@scheduled-scripts/domain';
import type { problemTypes } from './problem.resource.js';
import { catalogue, type ProblemEntry } from './problems/index.js';

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

export type ProblemCode = keyof typeof catalogue;

export const problemCodes = Object.keys(catalogue) as readonly ProblemCode[];

const typesOfStatuses: Readonly<Record<number, ProblemType>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'not_found_error',
  409: 'conflict_error',
  412: 'conflict_error',
  429: 'rate_limit_error',
};

const typeOf = (status: number): ProblemType => typesOfStatuses[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');

export type ProblemDetail = Partial<Pick<HttpProblem, 'message' | 'param' | 'errors' | 'headers'>>;

/** What a client is told for `code`; `detail` says more of this one case. */
export const problem = (code: ProblemCode, detail: ProblemDetail = {}): HttpProblem => {
  const { status, message } = catalogue[code];
  return { status, type: typeOf(status), code, message, ...detail };
};

/** What it means, what to do about it, and each status that it may have. */
export const explanationOf = (code: ProblemCode): Pick<ProblemEntry, 'meaning' | 'remedy'> & { readonly statuses: readonly number[] } => {
  const { status, otherStatuses = [], meaning, remedy }: ProblemEntry = catalogue[code];
  return { meaning, remedy, statuses: [status, ...otherStatuses] };
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
