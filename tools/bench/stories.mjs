import { hash } from 'node:crypto';
import {
  addMillis,
  scheduledScriptDecider,
  scheduledScriptStream,
  siteExecutionDecider,
  siteExecutionStream,
  timestampOfMillis,
} from '@scheduled-scripts/domain';
import { v7 } from 'uuid';
import { organizationId } from './harness/access.mjs';
import { sampleScript } from './samples.mjs';

const windowMillis = 7_200_000;
const graceMillis = 900_000;
const services = { launcher: 'service:launcher', executor: 'service:device-executor' };

/** What the rules make of these commands, one after the other. */
const decided = (decider, commands) => {
  let state = decider.initialState;
  return commands.flatMap((command) => {
    const decision = decider.decide(command, state);
    if (!decision.ok) throw new Error(`${command.type} was refused: ${decision.rejection.code}`);
    for (const event of decision.events) state = decider.evolve(state, event);
    return decision.events;
  });
};

const asStored = (stream, events, correlationId) =>
  events.map(({ type, at, by, data }, revision) => {
    const id = v7();
    return { id, stream, revision, type, data: { ...data }, metadata: { organizationId, actor: by, at, correlationId, causationId: id } };
  });

const planOf = (sites, launchAt) => {
  const { description, script, notify } = sampleScript({ sites });
  const scriptSha256 = hash('sha256', script);
  return { description, script, scriptSha256, launchAt, sites, notify, testSiteId: null, makeBackup: false, abortIfOffline: false };
};

const createdAndAuthorized = (scriptId, sites, launchAt) => {
  const at = addMillis(launchAt, -86_400_000);
  return [
    { type: 'create', at, by: 'auth0|author', scriptId, organizationId, plan: planOf(sites, launchAt) },
    { type: 'authorize', at, by: 'auth0|approver', allowSelfAuthorization: false, authorizationId: null },
  ];
};

/** The stored events of a script that waits for its launch. */
export const scheduled = ({ sites, launchAtMillis }) => {
  const scriptId = v7();
  const events = decided(scheduledScriptDecider, createdAndAuthorized(scriptId, sites, timestampOfMillis(launchAtMillis)));
  return { scriptId, events: asStored(scheduledScriptStream(scriptId), events, scriptId) };
};

const execution = (scriptId, siteId, launchAt, scriptSha256) => {
  const executionId = v7();
  const own = (seconds) => ({ at: addMillis(launchAt, seconds * 1_000), by: services.executor, owner: 'executor-1' });
  const order = { executionId, scriptId, scriptVersion: 3, scriptSha256, organizationId, siteId, kind: 'rollout' };
  const rest = { windowEndsAt: addMillis(launchAt, windowMillis), makeBackup: false, abortIfOffline: false };
  const events = decided(siteExecutionDecider, [
    { type: 'request', at: launchAt, by: services.launcher, order: { ...order, ...rest } },
    { type: 'claim', ...own(1) },
    { type: 'prepare', ...own(2), backup: null },
    { type: 'issue', ...own(3), routerUptimeSeconds: 8_640_000 },
    { type: 'complete', ...own(4) },
  ]);
  return asStored(siteExecutionStream(executionId), events, scriptId);
};

/** The stored events of a script from its creation to the end of its rollout, in an order in which they may happen. */
export const rolledOut = ({ sites, launchAtMillis }) => {
  const scriptId = v7();
  const launchAt = timestampOfMillis(launchAtMillis);
  const scriptEvents = decided(scheduledScriptDecider, [
    ...createdAndAuthorized(scriptId, sites, launchAt),
    { type: 'launch-on-schedule', at: launchAt, by: services.launcher, graceMillis, windowMillis },
    { type: 'complete-rollout', at: addMillis(launchAt, 10_000), by: services.launcher, completed: sites.length, failedSites: [] },
  ]);
  const stored = asStored(scheduledScriptStream(scriptId), scriptEvents, scriptId);
  const { scriptSha256 } = planOf(sites, launchAt);
  const executions = sites.map((siteId) => execution(scriptId, siteId, launchAt, scriptSha256));
  const steps = Array.from({ length: 5 }, (_, step) => executions.map((events) => events[step]));
  return [...stored.slice(0, 3), ...steps.flat(), ...stored.slice(3)];
};

export const siteIds = (count) => Array.from({ length: count }, (_, index) => `site_${String(index).padStart(16, '0')}`);
