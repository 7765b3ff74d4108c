import { describe, expect, it } from '@jest/globals';
import { timestampOfMillis, type ScheduledScript } from '@scheduled-scripts/domain';
import * as fc from 'fast-check';
import { approvalPage } from './approval.page.js';
import { approvedPage } from './approved.page.js';
import { refusalPage } from './refusal.page.js';
import { durationInWords, instantInWords } from './words.js';

const now = Date.UTC(2026, 2, 1, 22);
const launchAt = timestampOfMillis(now + 3 * 3_600_000);

/** Everything in it that somebody else has written is `text`. */
const scriptOf = (text: string): ScheduledScript => ({
  id: '0199a1b2-0000-7000-8000-000000000001',
  organizationId: 'org_a',
  status: 'unauthorized',
  version: 2,
  description: text,
  script: text,
  scriptSha256: '',
  launchAt,
  sites: ['site_1', 'site_2'],
  notify: [],
  testSiteId: null,
  makeBackup: true,
  abortIfOffline: false,
  createdBy: text,
  authors: [text, `${text}!`],
  authorizedAt: null,
  cancelledAt: null,
  launchedAt: null,
  windowEndsAt: null,
  authorizationRequests: [],
  testsRequested: 0,
  rolloutAborted: false,
  rolloutCompleted: false,
  rolloutResult: null,
  createdAt: launchAt,
  updatedAt: launchAt,
  lastAt: launchAt,
});

const pagesOf = (text: string): readonly string[] => {
  const script = scriptOf(text);
  const siteNames = new Map([['site_1', text]]);
  const open = { kind: 'open', script, summary: text, recipient: text, siteNames } as const;
  const refusals = [refusalPage({ why: 'changed', script }, now), refusalPage({ why: 'launch_time_passed', script }, now)];
  return [approvalPage(open, { executionWindowMillis: 7_200_000, now }), approvedPage(script, text, now), ...refusals].map(
    ({ html }) => html,
  );
};

/** Tags that are not about what is shown by its number, which a text may ask for. */
const tagsOf = (page: string): readonly string[] => [...page.matchAll(/<(?!\/?mark>)[^>]*>/g)].map(([tag]) => tag);

const dangers = ['<script>', '"><img src=x onerror=alert(1)>', "' onclick='", '&lt;b&gt;', '</title>', '</pre>', '\u202e', '${x}', '$&'];
const line = fc
  .array(fc.oneof(fc.constantFrom(...dangers), fc.string({ unit: 'binary' })), { maxLength: 6 })
  .map((parts) => parts.join('').replaceAll('\n', ''));

describe('the pages', () => {
  it('give nobody who is quoted in them a tag of their own', () => {
    const ours = pagesOf('x').map(tagsOf);
    expect(ours.map(({ length }) => length).every((length) => length > 10)).toBe(true);
    fc.assert(fc.property(line, (text) => expect(pagesOf(text).map(tagsOf)).toEqual(ours)));
  });

  it('let nobody who is quoted in them turn the direction of their text', () => {
    for (const page of pagesOf('dnuor eht yaw rehto\u202e')) expect(page).not.toContain('\u202e');
  });

  it('say an agreed time as finely as it is, and in UTC', () => {
    expect(instantInWords('2026-03-02T01:00:00.000000Z' as typeof launchAt)).toBe('Mon, 2 Mar 2026, 01:00 UTC');
    expect(instantInWords('2026-03-02T01:00:07.000000Z' as typeof launchAt)).toBe('Mon, 2 Mar 2026, 01:00:07 UTC');
    expect(instantInWords('2026-03-02T01:00:00.120000Z' as typeof launchAt)).toBe('Mon, 2 Mar 2026, 01:00:00.12 UTC');
  });

  it('say a window in the largest unit that fits', () => {
    expect([7_200_000, 3_600_000, 5_400_000, 61_000].map(durationInWords)).toEqual(['2 hours', '1 hour', '90 minutes', '61 seconds']);
  });
});
