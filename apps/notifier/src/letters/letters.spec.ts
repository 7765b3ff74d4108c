import { describe, expect, it } from '@jest/globals';
import type { DataOf } from '@scheduled-scripts/contracts';
import { sites } from '../testing/told-script.js';
import { failureWords } from './failure-words.js';
import { render, withLink } from './letter.js';
import { approvalWanted, cancelled, launched, launchMissed, rolloutEnded, waitsForApproval } from './letters.js';

type Result = DataOf<'scheduled-script.rollout-completed.v1'>;

const subject = {
  scriptId: '0199a1b2-0000-7000-8000-000000000001',
  description: 'Move the guests',
  launchAt: '2026-03-02T01:00:00.123456Z',
  sites: 3,
  script: '/ip address print',
};
const result = (completed: number, failedSites: Result['failedSites']): Result => ({ completed, failed: failedSites.length, failedSites });

describe('the letter to an approver', () => {
  it('says what is to be approved, until when and where', () => {
    const letter = render(approvalWanted(subject, { version: 4 }, 'auth0|author'));
    const { subject: line, text, html } = withLink(letter, 'https://scripts.example/authorize/t-1');
    expect(line).toBe('Approval wanted: Move the guests');
    for (const said of [
      '3 sites',
      '2026-03-02 01:00:00 UTC',
      'auth0|author',
      'version 4',
      'Look at it, and approve it:\nhttps://scripts.example/authorize/t-1\n',
    ]) {
      expect(text).toContain(said);
    }
    expect(text).toContain('    /ip address print');
    expect(html).toContain('<a href="https://scripts.example/authorize/t-1" ');
    expect(text + html).not.toContain('\u0001');
    expect(html).not.toMatch(/src=|@import|url\(/);
  });

  it('is of one script, to the others without it', () => {
    const { text } = render(waitsForApproval(subject, { approvers: ['boss', 'chief'] }, 'auth0|author'));
    expect(text).toContain('boss, chief');
    expect(text).not.toContain(subject.script);
  });
});

const launch = (trigger: 'schedule' | 'hand') => {
  const windowEndsAt = '2026-03-02T03:00:00.000000Z' as DataOf<'scheduled-script.launched.v1'>['windowEndsAt'];
  return render(launched({ ...subject, sites: 1 }, { trigger, windowEndsAt }, '2026-03-02T01:00:00.124000Z', 'auth0|boss')).text;
};

describe('the letters about a launch', () => {
  it('say what set it off', () => {
    expect(launch('schedule')).toContain('on schedule and now runs at 1 site.');
    expect(launch('hand')).toContain('by hand by auth0|boss');
    expect(launch('schedule')).toContain('2026-03-02 03:00:00 UTC');
  });

  it('say who cancelled it', () => {
    const { subject: line, text } = render(cancelled(subject, '2026-03-01T23:00:00.000000Z', 'auth0|boss'));
    expect(line).toBe('Cancelled: Move the guests');
    for (const said of ['will not run', 'auth0|boss', '2026-03-01 23:00:00 UTC']) expect(text).toContain(said);
  });

  it('are loud when there was none', () => {
    const letter = render(launchMissed(subject));
    expect(letter).toMatchObject({ subject: 'NOT LAUNCHED: Move the guests', urgent: true });
    expect(letter.text).toContain('Nothing was run at any site');
  });
});

describe('the letter about the end of a rollout', () => {
  it('is short where all went well', () => {
    const letter = render(rolloutEnded(subject, result(3, [])));
    expect(letter).toMatchObject({ subject: 'Completed: Move the guests', urgent: false });
    expect(letter.text).toContain('Completed: 3\nFailed: 0');
  });

  it('names each failed site, and what was done there', () => {
    const [first = '', second = ''] = sites(2);
    const letter = render(
      rolloutEnded(
        subject,
        result(1, [
          { siteId: first, reason: 'offline' },
          { siteId: second, reason: 'script_error' },
        ]),
      ),
    );
    expect(letter).toMatchObject({ subject: 'Failed at 2 of 3 sites: Move the guests', urgent: true });
    expect(letter.text).toContain(`- ${first} was offline; nothing was run (offline)`);
    expect(letter.text).toContain(`- ${second} stopped in the middle of the script: the lines before the error are applied (script_error)`);
  });

  it('stays readable where thousands failed', () => {
    const failed = sites(10_000).map((siteId) => ({ siteId, reason: 'unreachable' as const }));
    const { text, html } = render(rolloutEnded(subject, result(0, failed)));
    expect(text).toContain('And at 9800 sites more, which the list of its executions names.');
    expect(text.length + html.length).toBeLessThan(60_000);
  });

  it('says of every reason whether something may have been changed', () => {
    for (const words of Object.values(failureWords)) expect(words).toMatch(/nothing was run|applied|look at the router/);
  });
});
