import { describe, expect, it } from '@jest/globals';
import { asTimestamp } from '@scheduled-scripts/domain';
import { entityTagOf, isNoneMatch } from './entity-tag.js';
import { scheduledScriptJson, type ScheduledScriptView } from './scheduled-script.resource.js';

const site = 'site_1AbCdEfGhIjKlMnOpQrStUv';
const now = Date.parse('2025-10-30T02:00:00Z');
const view: ScheduledScriptView = {
  id: '018f5bda-4690-4432-8472-358b2734f19b',
  version: 2,
  createdBy: 'auth0|642b7f3b8b3b3e3e3e3e3e3e',
  testSiteId: 'site_2Al5z3gXyY5f6Z7h8j9k0l1m',
  makeBackup: true,
  abortIfOffline: false,
  description: 'Weekly firewall rule update',
  summary: null,
  script: '/ip firewall filter add action=drop chain=input src-address-list=blacklist',
  status: 'scheduled',
  authorizedAt: asTimestamp('2025-10-30T10:00:00.000000Z'),
  cancelledAt: null,
  launchAt: asTimestamp('2025-11-01T02:00:00.000000Z'),
  startedAt: null,
  sites: [site],
  notify: ['auth0|5f9d4b3c2e1a0b006f8b4c5d'],
  progress: { completed: [], failed: [], pending: [] },
  createdAt: asTimestamp('2025-10-29T12:44:27.000000Z'),
  updatedAt: asTimestamp('2025-10-29T13:05:00.000000Z'),
};

describe('the resource', () => {
  it('has its 19 fields in the promised order', () => {
    expect(JSON.stringify(scheduledScriptJson(view, now), null, 1).replaceAll('\n', '').replaceAll(/ +/g, ' ')).toBe(
      '{ "id": "018f5bda-4690-4432-8472-358b2734f19b", "created_by": "auth0|642b7f3b8b3b3e3e3e3e3e3e",' +
        ' "test_site_id": "site_2Al5z3gXyY5f6Z7h8j9k0l1m", "make_backup": true, "abort_if_offline": false,' +
        ' "description": "Weekly firewall rule update", "summary": null,' +
        ' "script": "/ip firewall filter add action=drop chain=input src-address-list=blacklist", "status": "scheduled",' +
        ' "authorized_at": "2025-10-30T10:00:00.000000Z", "cancelled_at": null, "launch_at": "2025-11-01T02:00:00.000000Z",' +
        ` "t_minus": "in 2 days", "started_at": null, "sites": [ "${site}" ], "notify": [ "auth0|5f9d4b3c2e1a0b006f8b4c5d" ],` +
        ' "progress": { "completed": [], "failed": [], "pending": [] },' +
        ' "created_at": "2025-10-29T12:44:27.000000Z", "updated_at": "2025-10-29T13:05:00.000000Z"}',
    );
    expect(Object.keys(scheduledScriptJson(view, now))).toHaveLength(19);
  });
});

describe('the entity tag', () => {
  const tag = entityTagOf(view.version, scheduledScriptJson(view, now));

  it('names the version, and does not move with the clock', () => {
    expect(tag).toMatch(/^"2-[\w-]{22}"$/);
    expect(entityTagOf(view.version, scheduledScriptJson(view, now + 86_400_000))).toBe(tag);
  });

  it('moves with anything else, the summary and progress too', () => {
    const others = [
      { ...view, summary: 'Blocks a list.' },
      { ...view, progress: { completed: [site], failed: [], pending: [] } },
      { ...view, description: 'Another' },
    ];
    for (const other of others) expect(entityTagOf(2, scheduledScriptJson(other, now))).not.toBe(tag);
  });

  it.each([
    [undefined, false],
    ['*', true],
    [tag, true],
    [`W/${tag}`, true],
    [`"2-other", ${tag}`, true],
    ['"2-other"', false],
    [tag.replaceAll('"', ''), false],
  ])('If-None-Match %j: %s', (header, expected) => {
    expect(isNoneMatch(header, tag)).toBe(expected);
  });
});
