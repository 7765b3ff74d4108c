import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StreamBusy } from '@scheduled-scripts/event-store';
import { startCommandApi, type Answer, type TestApi } from '../testing/command-api.fixture.js';
import { scriptsOf } from '../testing/scripts-of.js';

const at = (id: string) => `/scripts/scheduled/${id}`;
const many = <T>(count: number, one: (index: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => one(index)));

/** How often each answer was given. */
const counted = (answers: readonly Answer[]) => {
  const counts: Record<string, number> = {};
  for (const { status, json } of answers) {
    const told = status < 300 ? String(status) : `${status} ${String(json['code'])}`;
    counts[told] = (counts[told] ?? 0) + 1;
  }
  return counts;
};

describe('many commands on one script at once, without If-Match', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startCommandApi();
  });
  afterAll(() => api.stop());

  const revise = (id: string, number: number) =>
    api.call('PUT', at(id), {
      body: api.aScript({ description: `Change ${number}`, notify: ['auth0|approver'], test_site_id: api.sites[1] }),
    });
  it('all succeed where nothing refuses them', async () => {
    const id = await api.newScript();
    const answers = await many(60, (index) => revise(id, index));
    expect(counted(answers)).toEqual({ 200: 60 });
    const events = await api.eventsOf(id);
    expect(new Set(events.map(({ data }) => data['description'])).size).toBe(61);
    const times = events.map(({ metadata }) => metadata.at);
    expect(times).toEqual(times.toSorted());
    // Each answer is what its own change has left.
    expect(new Set(answers.map(({ headers }) => headers.get('etag')?.split('-')[0])).size).toBe(60);
  });

  it('are refused by decisions only', async () => {
    const id = await api.newScript({ notify: ['auth0|approver'], test_site_id: api.sites[1] });
    const answers = await many(60, (index) => {
      const kinds = [
        () => revise(id, index),
        () => api.call('GET', `${at(id)}/authorize`),
        () => api.call('POST', `${at(id)}/authorize`, { as: 'approver' }),
        () => api.call('POST', `${at(id)}/test`),
      ];
      return (kinds[index % kinds.length] ?? (() => revise(id, index)))();
    });
    const { 200: done, 202: accepted, '409 not_authorizable': refused = 0, ...others } = counted(answers);
    expect(others).toEqual({});
    expect(Number(done) + Number(accepted) + refused).toBe(60);
  });

  it('are told that it is busy, and not that something is away, when patience ends', async () => {
    const id = await api.newScript();
    const scripts = scriptsOf(api, { decide: () => Promise.reject(new StreamBusy('stream', 8)) });
    const caller = { sub: 'auth0|author', organizationId: 'org_a' };
    await expect(scripts.decide(caller, id, { type: 'cancel' })).rejects.toMatchObject({
      api: { status: 503, message: expect.stringMatching(/^Others keep changing this script/), headers: { 'Retry-After': '1' } },
    });
  });
});
