import { asTimestamp, fact, type ScriptPlan } from '@scheduled-scripts/domain';

export const at = asTimestamp('2026-03-01T12:00:00.000000Z');
export const launchAt = asTimestamp('2026-03-02T01:00:00.123456Z');
export const user = { at, by: 'auth0|author' };

export const plan: ScriptPlan = {
  description: 'Move the guests',
  script: '/ip address print',
  scriptSha256: 'a'.repeat(64),
  launchAt,
  sites: ['site_0000000000000001', 'site_0000000000000002'],
  notify: [],
  testSiteId: null,
  makeBackup: false,
  abortIfOffline: false,
};

export const created = (scriptId: string, changes: Partial<ScriptPlan> = {}) =>
  fact('scheduled-script.created.v1', user, { scriptId, organizationId: 'org_1', ...plan, ...changes });
export const authorized = fact('scheduled-script.authorized.v1', user, { version: 1, authorizationId: null });
export const launched = fact('scheduled-script.launched.v1', user, { trigger: 'hand', windowEndsAt: launchAt });
