import { describe, expect, it } from '@jest/globals';
import { until } from '@scheduled-scripts/postgres/testing';
import { linkFor, titleOf } from '../testing/approval-links.js';
import { startCommandApi, statusesOf } from '../testing/command-api.fixture.js';
import { Outage } from '../testing/outage.js';

const nobody = { as: null } as const;

describe('the links of approvers', () => {
  it('have a page for an outage, and are good when it is over', async () => {
    const way = new Outage();
    const api = await startCommandApi({}, way.reach);
    const link = await linkFor(api, await api.newScript({ notify: ['auth0|approver'] }));
    await way.cut();
    const answers = [await api.call('GET', link, nobody), await api.call('POST', link, nobody)];
    await way.mend();
    expect(answers.map(({ status, text }) => [status, titleOf(text)])).toEqual([
      [503, 'Not available just now'],
      [503, 'Not available just now'],
    ]);
    expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(['2', '2']);
    expect(answers.map(({ text }) => text).join()).not.toMatch(/postgres|127\.0\.0\.1|ECONN/i);
    await until(async () => (await api.call('POST', link, nobody)).status !== 503);
    expect(titleOf((await api.call('GET', link, nobody)).text)).toBe('It is approved already');
    await api.stop();
    await way.cut();
  });

  it('are limited by address where requests are', async () => {
    const api = await startCommandApi({ RATE_LIMIT_PER_SECOND: '20' });
    const answers = await Promise.all(Array.from({ length: 120 }, () => api.call('GET', '/authorize/guess', nobody)));
    await api.stop();
    const refused = answers.filter(({ status }) => status === 429);
    expect(statusesOf(answers).at(0)).toBe(404);
    expect(refused.length).toBeGreaterThan(0);
    expect(titleOf(refused[0]?.text ?? '')).toBe('Too many requests');
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
  });
});
