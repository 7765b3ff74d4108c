import { describe, expect, it } from '@jest/globals';
import { asTimestamp, type ScheduledScript } from '@scheduled-scripts/domain';
import { isOver, siteUseOf } from './site-use.js';

const at = asTimestamp('2030-01-01T00:00:00.000000Z');
const [target, tested, other] = ['site_1111111111111111', 'site_2222222222222222', 'site_3333333333333333'];

const aScript = (over: Partial<ScheduledScript> = {}): ScheduledScript => ({
  id: '018f5bda-4690-7432-8472-358b2734f19b',
  organizationId: 'org_a',
  description: 'Weekly',
  script: ':put 1',
  scriptSha256: 'a'.repeat(64),
  launchAt: at,
  sites: [target],
  notify: [],
  testSiteId: tested,
  makeBackup: false,
  abortIfOffline: false,
  status: 'unauthorized',
  version: 1,
  createdBy: 'auth0|author',
  authors: ['auth0|author'],
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
  ...over,
});

describe('what a script makes of a site', () => {
  it.each<[string, Partial<ScheduledScript>, readonly string[]]>([
    ['unauthorized', {}, ['pending', 'pending', 'not_named']],
    ['scheduled', { status: 'scheduled' }, ['pending', 'pending', 'not_named']],
    ['launched', { status: 'launched' }, ['pending', 'over', 'over']],
    ['aborted, with executions that still end', { status: 'launched', rolloutAborted: true }, ['pending', 'over', 'over']],
    ['launched and completed', { status: 'launched', rolloutCompleted: true }, ['over', 'over', 'over']],
    ['cancelled', { status: 'cancelled' }, ['over', 'over', 'over']],
  ])('%s', (_, over, uses) => {
    expect([target, tested, other].map((site) => siteUseOf(aScript(over), site))).toEqual(uses);
  });

  it('is nothing yet where there is no script: it may be about to be appended', () => {
    expect(siteUseOf(null, target)).toBe('absent');
    expect(isOver(null)).toBe(false);
  });
});
