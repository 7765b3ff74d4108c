import { describe, expect, it } from '@jest/globals';
import { asTimestamp, type ScheduledScript } from '@scheduled-scripts/domain';
import { rolloutExecutionId, testExecutionId } from './execution-id.js';
import { rolloutOrders, testOrder } from './execution-orders.js';

const at = asTimestamp('2026-03-01T12:00:00.000000Z');
const windowEndsAt = asTimestamp('2026-03-01T14:00:00.000000Z');
const launched: ScheduledScript = {
  id: '0199a1b2-0000-7000-8000-000000000001',
  organizationId: 'org_1',
  description: 'Move the guests',
  script: '/ip address print',
  scriptSha256: 'a'.repeat(64),
  launchAt: at,
  sites: ['site_0000000000000002', 'site_0000000000000001'],
  notify: [],
  testSiteId: 'site_0000000000000009',
  makeBackup: true,
  abortIfOffline: false,
  status: 'launched',
  version: 3,
  createdBy: 'auth0|author',
  authors: ['auth0|author'],
  authorizedAt: at,
  cancelledAt: null,
  launchedAt: at,
  windowEndsAt,
  authorizationRequests: [],
  testsRequested: 2,
  rolloutAborted: false,
  rolloutCompleted: false,
  rolloutResult: null,
  createdAt: at,
  updatedAt: at,
  lastAt: at,
};
const common = {
  scriptId: launched.id,
  scriptVersion: 3,
  scriptSha256: launched.scriptSha256,
  organizationId: 'org_1',
  makeBackup: true,
  abortIfOffline: false,
};

describe('the orders of a rollout', () => {
  it('are one a site, in the order of the sites, without the text', () => {
    expect(rolloutOrders(launched)).toEqual(
      launched.sites.map((siteId) => ({
        ...common,
        executionId: rolloutExecutionId(launched.id, siteId),
        kind: 'rollout',
        siteId,
        windowEndsAt,
      })),
    );
  });

  it.each(['unauthorized', 'scheduled', 'cancelled'] as const)('are none while it is %s', (status) => {
    expect(rolloutOrders({ ...launched, status, windowEndsAt: null })).toEqual([]);
  });
});

describe('the order of a test', () => {
  it('is for the site and the window that were asked for, whatever the script says by then', () => {
    const siteId = 'site_0000000000000007';
    expect(testOrder({ ...launched, status: 'unauthorized', windowEndsAt: null }, siteId, 2, at)).toEqual({
      ...common,
      executionId: testExecutionId(launched.id, 2, siteId),
      kind: 'test',
      siteId,
      windowEndsAt: at,
    });
  });
});
