import { laterOf } from '../timestamp.js';
import type { ScheduledScriptEvent, ScheduledScriptEventType } from './scheduled-script.events.js';
import { decisiveEventTypes } from './scheduled-script.events.js';
import { mostOpenRequests, type ScheduledScript, type ScheduledScriptState } from './scheduled-script.state.js';

type Created = Extract<ScheduledScriptEvent, { type: 'scheduled-script.created.v1' }>;
type Later = Exclude<ScheduledScriptEvent, Created>;

const decisive: ReadonlySet<ScheduledScriptEventType> = new Set(decisiveEventTypes);

export const evolveScheduledScript = (state: ScheduledScriptState, event: ScheduledScriptEvent): ScheduledScriptState => {
  if (event.type === 'scheduled-script.created.v1') return state ?? created(event);
  if (state === null) return null;
  const next = changed(state, event);
  const lastAt = laterOf(state.lastAt, event.at);
  if (!decisive.has(event.type)) return { ...next, lastAt };
  // What was asked to be approved no longer stands, so every open link is void.
  return { ...next, lastAt, version: state.version + 1, updatedAt: event.at, authorizationRequests: [] };
};

/** Field by field: what is left of an object without one of its fields is costly to make, and from then on slow to read. */
const created = ({ data, at, by }: Created): ScheduledScript => ({
  id: data.scriptId,
  organizationId: data.organizationId,
  description: data.description,
  script: data.script,
  scriptSha256: data.scriptSha256,
  launchAt: data.launchAt,
  sites: data.sites,
  notify: data.notify,
  testSiteId: data.testSiteId,
  makeBackup: data.makeBackup,
  abortIfOffline: data.abortIfOffline,
  status: 'unauthorized',
  version: 1,
  createdBy: by,
  authors: [by],
  authorizedAt: null,
  cancelledAt: null,
  launchedAt: null,
  windowEndsAt: null,
  authorizationRequests: [],
  testsRequested: 0,
  rolloutAborted: false,
  rolloutCompleted: false,
  rolloutResult: null,
  createdAt: at,
  updatedAt: at,
  lastAt: at,
});

const changed = (script: ScheduledScript, event: Later): ScheduledScript => {
  switch (event.type) {
    case 'scheduled-script.revised.v1': {
      const authors = script.authors.includes(event.by) ? script.authors : [...script.authors, event.by];
      return { ...script, ...event.data, status: 'unauthorized', authorizedAt: null, authors };
    }
    case 'scheduled-script.authorization-requested.v1': {
      const { authorizationId, approvers } = event.data;
      const requests = [...script.authorizationRequests, { authorizationId, at: event.at, approvers }];
      return { ...script, authorizationRequests: requests.slice(-mostOpenRequests) };
    }
    case 'scheduled-script.authorized.v1':
      return { ...script, status: 'scheduled', authorizedAt: event.at };
    case 'scheduled-script.cancelled.v1':
      return { ...script, status: 'cancelled', cancelledAt: event.at };
    case 'scheduled-script.launched.v1':
      return { ...script, status: 'launched', launchedAt: event.at, windowEndsAt: event.data.windowEndsAt };
    case 'scheduled-script.test-requested.v1':
      return { ...script, testsRequested: event.data.number };
    case 'scheduled-script.rollout-aborted.v1':
      return { ...script, rolloutAborted: true };
    case 'scheduled-script.rollout-completed.v1': {
      const { completed, failedSites } = event.data;
      return { ...script, rolloutCompleted: true, rolloutResult: { completed, failedSites } };
    }
    default:
      return event satisfies never;
  }
};
