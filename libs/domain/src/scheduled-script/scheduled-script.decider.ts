import type { Decider } from '../decider.js';
import { accept, fact, inOrderOfTime, reject } from '../decider.js';
import { addMillis } from '../timestamp.js';
import { authorize, requestAuthorization } from './scheduled-script.authorization.js';
import type { ScheduledScriptCommand, ScheduledScriptRejection } from './scheduled-script.commands.js';
import { type Decided, type On, whyNotAllowed, whyOver } from './scheduled-script.decision.js';
import type { ScheduledScriptEvent } from './scheduled-script.events.js';
import { evolveScheduledScript } from './scheduled-script.evolve.js';
import { launchByHand, launchOnSchedule } from './scheduled-script.launch.js';
import { abortRollout, completeRollout } from './scheduled-script.rollout.js';
import type { ScheduledScript, ScheduledScriptState } from './scheduled-script.state.js';

const create = (command: On<'create'>, script: ScheduledScriptState): Decided => {
  if (script !== null) return reject({ code: 'script_already_exists' });
  if (command.plan.launchAt <= command.at) return reject({ code: 'launch_at_in_past' });
  const { scriptId, organizationId, plan } = command;
  return accept(fact('scheduled-script.created.v1', command, { scriptId, organizationId, ...plan }));
};

const revise = (command: On<'revise'>, script: ScheduledScript): Decided => {
  const over = whyOver(script);
  if (over !== null) return reject(over);
  const plan = {
    ...command.plan,
    launchAt: command.plan.launchAt ?? script.launchAt,
    testSiteId: command.plan.testSiteId === undefined ? script.testSiteId : command.plan.testSiteId,
    abortIfOffline: command.plan.abortIfOffline ?? script.abortIfOffline,
  };
  if (plan.launchAt <= command.at) return reject({ code: 'launch_at_in_past' });
  return accept(fact('scheduled-script.revised.v1', command, plan));
};

const cancel = (command: On<'cancel'>, script: ScheduledScript): Decided => {
  if (script.status === 'cancelled') return accept();
  if (script.status === 'launched') return reject({ code: 'script_already_launched' });
  return accept(fact('scheduled-script.cancelled.v1', command, { reason: 'requested' }));
};

const requestTest = (command: On<'request-test'>, script: ScheduledScript): Decided => {
  const over = whyOver(script);
  if (over !== null) return reject(over);
  if (script.testSiteId === null) return reject({ code: 'no_test_site' });
  const test = {
    siteId: script.testSiteId,
    number: script.testsRequested + 1,
    windowEndsAt: addMillis(command.at, command.windowMillis),
  };
  return accept(fact('scheduled-script.test-requested.v1', command, test));
};

const decide = (command: ScheduledScriptCommand, script: ScheduledScriptState): Decided => {
  if (command.type === 'create') return create(command, script);
  if (script === null) return reject({ code: 'script_not_found' });
  const refusal = whyNotAllowed(command, script);
  if (refusal !== null) return reject(refusal);
  switch (command.type) {
    case 'revise':
      return revise(command, script);
    case 'request-authorization':
      return requestAuthorization(command, script);
    case 'authorize':
      return authorize(command, script);
    case 'cancel':
      return cancel(command, script);
    case 'launch-on-schedule':
      return launchOnSchedule(command, script);
    case 'launch-by-hand':
      return launchByHand(command, script);
    case 'request-test':
      return requestTest(command, script);
    case 'abort-rollout':
      return abortRollout(command, script);
    case 'complete-rollout':
      return completeRollout(command, script);
    default:
      return command satisfies never;
  }
};

export const scheduledScriptDecider: Decider<ScheduledScriptState, ScheduledScriptCommand, ScheduledScriptEvent, ScheduledScriptRejection> =
  { initialState: null, decide: inOrderOfTime(decide), evolve: evolveScheduledScript };
