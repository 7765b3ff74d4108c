import { accept, fact, reject } from '../decider.js';
import { addMillis } from '../timestamp.js';
import type { ScheduledScriptRejection } from './scheduled-script.commands.js';
import { type Decided, type On, whyOver } from './scheduled-script.decision.js';
import type { ScheduledScript } from './scheduled-script.state.js';

/** A request for authorization repeated sooner than this, for the same version, sends nothing new. */
const authorizationRequestPauseMillis = 60_000;

export const requestAuthorization = (command: On<'request-authorization'>, script: ScheduledScript): Decided => {
  const refusal = whyNotAuthorizable(command, script);
  if (refusal !== null) return reject(refusal);
  // An author gets no link, whoever composed the list: four eyes.
  const isAuthor = (user: string): boolean => script.authors.includes(user);
  const approvers = command.recipients.approvers.filter((user) => !isAuthor(user));
  const informed = [...command.recipients.informed, ...command.recipients.approvers.filter(isAuthor)];
  if (approvers.length === 0) return reject({ code: 'no_approver' });
  const last = script.authorizationRequests.at(-1);
  if (last !== undefined && command.at < addMillis(last.at, authorizationRequestPauseMillis)) return accept();
  const { authorizationId, recipients } = command;
  const request = { authorizationId, version: script.version, approvers, informed, unknown: recipients.unknown };
  return accept(fact('scheduled-script.authorization-requested.v1', command, request));
};

export const authorize = (command: On<'authorize'>, script: ScheduledScript): Decided => {
  const refusal = whyNotAuthorizable(command, script);
  if (refusal !== null) return reject(refusal);
  const { authorizationId } = command;
  if (authorizationId !== null && !isOpenFor(script, authorizationId, command.by)) {
    return reject({ code: 'not_authorizable', status: script.status });
  }
  return accept(fact('scheduled-script.authorized.v1', command, { version: script.version, authorizationId }));
};

const whyNotAuthorizable = (
  command: On<'authorize' | 'request-authorization'>,
  script: ScheduledScript,
): ScheduledScriptRejection | null => {
  const over = whyOver(script);
  if (over !== null) return over;
  if (script.status !== 'unauthorized') return { code: 'not_authorizable', status: script.status };
  // Approved late it would never launch: a new time has to be agreed first.
  if (script.launchAt <= command.at) return { code: 'launch_time_passed' };
  return null;
};

/** A link is good for one of the requests for the version that stands, and for one of its approvers. */
const isOpenFor = (script: ScheduledScript, authorizationId: string, user: string): boolean =>
  script.authorizationRequests.some((request) => request.authorizationId === authorizationId && request.approvers.includes(user));
