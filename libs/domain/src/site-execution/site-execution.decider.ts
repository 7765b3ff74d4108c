import type { Decider, Decision } from '../decider.js';
import { accept, fact, inOrderOfTime, reject } from '../decider.js';
import { laterOf } from '../timestamp.js';
import { cleanMessage } from './failure-message.js';
import { startSaidBy } from './failure-reason.js';
import type { SiteExecutionCommand, SiteExecutionRejection } from './site-execution.commands.js';
import type { BackupTaken, ExecutionOrder, ExecutionRef, SiteExecutionEvent } from './site-execution.events.js';
import { evolveSiteExecution } from './site-execution.evolve.js';
import type { SiteExecution, SiteExecutionState } from './site-execution.state.js';

type On<Type extends SiteExecutionCommand['type']> = Extract<SiteExecutionCommand, { type: Type }>;
type ByOwner = On<'prepare' | 'issue' | 'complete' | 'fail'>;
type Decided = Decision<SiteExecutionEvent, SiteExecutionRejection>;

const request = (command: On<'request'>, execution: SiteExecutionState): Decided => {
  const order = orderOf(command.order);
  if (execution === null) return accept(fact('site-execution.requested.v1', command, order));
  return sameOrder(orderOf(execution), order) ? accept() : reject({ code: 'execution_order_differs' });
};

const claim = (command: On<'claim'>, execution: SiteExecution): Decided => {
  if (isFinished(execution)) return reject({ code: 'execution_finished' });
  if (execution.owner === command.owner) return accept();
  return accept(fact('site-execution.claimed.v1', command, { ...refOf(execution), owner: command.owner }));
};

const prepare = (command: On<'prepare'>, execution: SiteExecution): Decided => {
  if (execution.issued !== null) return reject({ code: 'already_issued' });
  const backup = command.backup ?? execution.backup;
  if (execution.makeBackup && backup === null) return reject({ code: 'not_prepared' });
  if (execution.prepared && sameBackup(execution.backup, backup)) return accept();
  return accept(fact('site-execution.prepared.v1', command, { ...refOf(execution), backup }));
};

const issue = (command: On<'issue'>, execution: SiteExecution): Decided => {
  if (execution.issued !== null) return reject({ code: 'already_issued' });
  if (!execution.prepared) return reject({ code: 'not_prepared' });
  // By whichever clock is ahead: once anybody has seen the window's end, it has come.
  if (laterOf(command.at, execution.lastAt) >= execution.windowEndsAt) return reject({ code: 'window_closed' });
  const { routerUptimeSeconds } = command;
  return accept(fact('site-execution.issued.v1', command, { ...refOf(execution), routerUptimeSeconds }));
};

const complete = (command: On<'complete'>, execution: SiteExecution): Decided => {
  if (execution.issued === null) return reject({ code: 'not_issued' });
  return accept(fact('site-execution.completed.v1', command, refOf(execution)));
};

const fail = (command: On<'fail'>, execution: SiteExecution): Decided => {
  const said = startSaidBy(command.reason);
  if (said === 'never issued' && execution.issued !== null) return reject({ code: 'already_issued' });
  if (said === 'issued' && execution.issued === null) return reject({ code: 'not_issued' });
  const failure = { reason: command.reason, message: cleanMessage(command.message) };
  return accept(fact('site-execution.failed.v1', command, { ...refOf(execution), ...failure }));
};

const abort = (command: On<'abort'>, execution: SiteExecution): Decided => {
  if (isFinished(execution)) return accept();
  if (execution.issued !== null) return reject({ code: 'already_issued' });
  return accept(fact('site-execution.failed.v1', command, { ...refOf(execution), reason: 'aborted', message: null }));
};

const resolve = (command: On<'resolve'>, execution: SiteExecution): Decided => {
  if (execution.failure?.reason !== 'outcome_unknown') return reject({ code: 'outcome_known' });
  const ref = refOf(execution);
  if (command.outcome === 'completed') return accept(fact('site-execution.resolved.v1', command, { ...ref, outcome: 'completed' }));
  // Still unknown: nothing was learned.
  if (command.reason === 'outcome_unknown') return accept();
  const failure = { reason: command.reason, message: cleanMessage(command.message) };
  return accept(fact('site-execution.resolved.v1', command, { ...ref, outcome: 'failed', ...failure }));
};

/** What only the owner may do, and only before the end. */
const byOwner = (command: ByOwner, execution: SiteExecution): Decided => {
  if (isFinished(execution)) return reject({ code: 'execution_finished' });
  if (execution.owner !== command.owner) return reject({ code: 'not_owner', owner: execution.owner });
  switch (command.type) {
    case 'prepare':
      return prepare(command, execution);
    case 'issue':
      return issue(command, execution);
    case 'complete':
      return complete(command, execution);
    case 'fail':
      return fail(command, execution);
    default:
      return command satisfies never;
  }
};

const decide = (command: SiteExecutionCommand, execution: SiteExecutionState): Decided => {
  if (command.type === 'request') return request(command, execution);
  if (execution === null) return reject({ code: 'execution_not_found' });
  switch (command.type) {
    case 'claim':
      return claim(command, execution);
    case 'abort':
      return abort(command, execution);
    case 'resolve':
      return resolve(command, execution);
    case 'prepare':
    case 'issue':
    case 'complete':
    case 'fail':
      return byOwner(command, execution);
    default:
      return command satisfies never;
  }
};

const isFinished = ({ phase }: SiteExecution): boolean => phase === 'completed' || phase === 'failed';

const refOf = ({ executionId, scriptId, siteId, kind }: ExecutionRef): ExecutionRef => ({ executionId, scriptId, siteId, kind });

const orderOf = (order: ExecutionOrder): ExecutionOrder => ({
  ...refOf(order),
  scriptVersion: order.scriptVersion,
  scriptSha256: order.scriptSha256,
  organizationId: order.organizationId,
  windowEndsAt: order.windowEndsAt,
  makeBackup: order.makeBackup,
  abortIfOffline: order.abortIfOffline,
});

/** Both made by `orderOf`, so with the same fields in the same order. */
const sameOrder = (one: ExecutionOrder, other: ExecutionOrder): boolean => JSON.stringify(one) === JSON.stringify(other);

const sameBackup = (one: BackupTaken | null, other: BackupTaken | null): boolean =>
  one?.sha256 === other?.sha256 && one?.bytes === other?.bytes && one?.takenAt === other?.takenAt;

export const siteExecutionDecider: Decider<SiteExecutionState, SiteExecutionCommand, SiteExecutionEvent, SiteExecutionRejection> = {
  initialState: null,
  decide: inOrderOfTime(decide),
  evolve: evolveSiteExecution,
};
