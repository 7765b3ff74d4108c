import { fact } from '../decider.js';
import type { ScheduledScriptCommand } from '../scheduled-script/scheduled-script.commands.js';
import type { FailedSite, ScheduledScriptEvent, ScriptPlan } from '../scheduled-script/scheduled-script.events.js';
import { addMillis, asTimestamp, type Timestamp } from '../timestamp.js';

const noon = asTimestamp('2026-03-01T12:00:00.000000Z');

/** Minutes after the noon at which every story begins. */
export const minute = (minutes: number): Timestamp => addMillis(noon, minutes * 60_000);

export const launchAt = minute(60);
export const graceMillis = 15 * 60_000;
export const windowMillis = 120 * 60_000;

export const author = 'auth0|author';
export const approver = 'auth0|approver';
export const launcher = 'service:launcher';

export const plan: ScriptPlan = {
  description: 'Move the guests to their own network',
  script: '/ip address print',
  scriptSha256: 'a'.repeat(64),
  launchAt,
  sites: ['site_0000000000000001', 'site_0000000000000002', 'site_0000000000000003'],
  notify: [approver],
  testSiteId: 'site_0000000000000009',
  makeBackup: true,
  abortIfOffline: false,
};

export const scriptId = '0199a1b2-0000-7000-8000-000000000001';
export const recipients = { approvers: [approver], informed: ['auth0|night-shift'], unknown: ['nobody'] };

const by = (user: string, minutes: number) => ({ at: minute(minutes), by: user });

/** A past, event by event: each at a minute of its own before launch. */
export const past = {
  created: (changes: Partial<ScriptPlan> = {}): ScheduledScriptEvent =>
    fact('scheduled-script.created.v1', by(author, 0), { scriptId, organizationId: 'org_1', ...plan, ...changes }),
  revised: (user = author, changes: Partial<ScriptPlan> = {}): ScheduledScriptEvent =>
    fact('scheduled-script.revised.v1', by(user, 5), { ...plan, ...changes }),
  authorizationRequested: (authorizationId = 'request-1', version = 1): ScheduledScriptEvent =>
    fact('scheduled-script.authorization-requested.v1', by(author, 10), { authorizationId, version, ...recipients }),
  authorized: (version = 1): ScheduledScriptEvent =>
    fact('scheduled-script.authorized.v1', by(approver, 20), { version, authorizationId: null }),
  cancelled: (): ScheduledScriptEvent => fact('scheduled-script.cancelled.v1', by(author, 30), { reason: 'requested' }),
  testRequested: (number = 1): ScheduledScriptEvent =>
    fact('scheduled-script.test-requested.v1', by(author, 30), { siteId: 'site_0000000000000009', number, windowEndsAt: minute(150) }),
  launched: (): ScheduledScriptEvent =>
    fact('scheduled-script.launched.v1', by(launcher, 60), { trigger: 'schedule', windowEndsAt: minute(180) }),
  rolloutAborted: (): ScheduledScriptEvent => fact('scheduled-script.rollout-aborted.v1', by(author, 61), {}),
  rolloutCompleted: (completed = 1, failedSites: readonly FailedSite[] = failures): ScheduledScriptEvent =>
    fact('scheduled-script.rollout-completed.v1', by(launcher, 90), { completed, failed: failedSites.length, failedSites }),
};

export const failures: readonly FailedSite[] = [
  { siteId: 'site_0000000000000002', reason: 'script_error' },
  { siteId: 'site_0000000000000003', reason: 'outcome_unknown' },
];

/** The four statuses and `null`, each by the shortest way there. */
export const pastOf: Readonly<Record<'none' | 'unauthorized' | 'scheduled' | 'launched' | 'cancelled', readonly ScheduledScriptEvent[]>> = {
  none: [],
  unauthorized: [past.created()],
  scheduled: [past.created(), past.authorized()],
  launched: [past.created(), past.authorized(), past.launched()],
  cancelled: [past.created(), past.cancelled()],
};

type Named<Type extends ScheduledScriptCommand['type']> = Extract<ScheduledScriptCommand, { type: Type }>;

/** Commands as those who may give them do, at minute 40 unless told. */
export const command = {
  create: (changes: Partial<Named<'create'>> = {}): ScheduledScriptCommand => ({
    type: 'create',
    ...by(author, 0),
    scriptId,
    organizationId: 'org_1',
    plan,
    ...changes,
  }),
  revise: (changes: Partial<Named<'revise'>> = {}): ScheduledScriptCommand => ({ type: 'revise', ...by(author, 40), plan, ...changes }),
  requestAuthorization: (changes: Partial<Named<'request-authorization'>> = {}): ScheduledScriptCommand => ({
    type: 'request-authorization',
    ...by(author, 40),
    authorizationId: 'request-2',
    recipients,
    ...changes,
  }),
  authorize: (changes: Partial<Named<'authorize'>> = {}): ScheduledScriptCommand => ({
    type: 'authorize',
    ...by(approver, 40),
    authorizationId: null,
    allowSelfAuthorization: false,
    ...changes,
  }),
  cancel: (changes: Partial<Named<'cancel'>> = {}): ScheduledScriptCommand => ({ type: 'cancel', ...by(author, 40), ...changes }),
  launchOnSchedule: (changes: Partial<Named<'launch-on-schedule'>> = {}): ScheduledScriptCommand => ({
    type: 'launch-on-schedule',
    ...by(launcher, 60),
    graceMillis,
    windowMillis,
    ...changes,
  }),
  launchByHand: (changes: Partial<Named<'launch-by-hand'>> = {}): ScheduledScriptCommand => ({
    type: 'launch-by-hand',
    ...by(approver, 40),
    windowMillis,
    allowSelfAuthorization: false,
    ...changes,
  }),
  requestTest: (changes: Partial<Named<'request-test'>> = {}): ScheduledScriptCommand => ({
    type: 'request-test',
    ...by(author, 40),
    windowMillis,
    ...changes,
  }),
  abortRollout: (changes: Partial<Named<'abort-rollout'>> = {}): ScheduledScriptCommand => ({
    type: 'abort-rollout',
    ...by(author, 70),
    ...changes,
  }),
  completeRollout: (changes: Partial<Named<'complete-rollout'>> = {}): ScheduledScriptCommand => ({
    type: 'complete-rollout',
    ...by(launcher, 90),
    completed: 1,
    failedSites: failures,
    ...changes,
  }),
};
