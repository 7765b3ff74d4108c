import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@scheduled-scripts/postgres/testing';
import { launchedByNow, startCommandApi, type TestApi } from '../../testing/command-api.fixture.js';
import { scriptsOf } from '../../testing/scripts-of.js';
import { RequestAuthorization } from './request-authorization.command.js';
import { RequestAuthorizationHandler } from './request-authorization.handler.js';

const at = (id: string) => `/scripts/scheduled/${id}/authorize`;
const notify = ['auth0|approver', 'auth0|viewer', 'auth0|author', 'auth0|gone'];

describe('GET /scripts/scheduled/{id}/authorize', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startCommandApi();
  });

  afterAll(() => api.stop());

  it('records whom to ask, whom to tell, and whom nobody knows; never an author', async () => {
    const id = await api.newScript({ notify });
    const answer = await api.call('GET', at(id));
    expect([answer.status, answer.text, answer.headers.get('cache-control')]).toEqual([202, '', 'no-store']);
    const [, requested] = await api.eventsOf(id);
    expect(requested).toMatchObject({
      type: 'scheduled-script.authorization-requested.v1',
      data: { version: 1, approvers: ['auth0|approver'], informed: ['auth0|viewer', 'auth0|author'], unknown: ['auth0|gone'] },
    });
  });

  it('sends nothing new when repeated, until the script changes', async () => {
    const id = await api.newScript({ notify });
    for (const _ of [1, 2, 3]) expect((await api.call('GET', at(id))).status).toBe(202);
    expect(await api.eventsOf(id)).toHaveLength(2);
    await api.call('PUT', `/scripts/scheduled/${id}`, { body: api.aScript({ notify }) });
    expect((await api.call('GET', at(id))).status).toBe(202);
    expect((await api.eventsOf(id)).at(-1)).toMatchObject({ type: 'scheduled-script.authorization-requested.v1', data: { version: 2 } });
  });

  it.each([
    ['"2-x"', 412],
    ['"2-x", "3-x"', 412],
    ['"1-x"', 202],
    ['"2-x", "1-x"', 202],
  ])('asks for the first version by If-Match %s with %i', async (tags, status) => {
    const id = await api.newScript({ notify });
    expect((await api.call('GET', at(id), { headers: { 'If-Match': tags } })).status).toBe(status);
    expect(await api.eventsOf(id)).toHaveLength(status === 202 ? 2 : 1);
  });

  it('moves no version', async () => {
    const id = await api.newScript({ notify });
    await api.call('GET', at(id));
    const answer = await api.call('POST', at(id), { as: 'approver', headers: { 'If-Match': '"1-x"' } });
    expect(answer.status).toBe(200);
  });

  it('looks up anew whom to ask, however often the script changes meanwhile', async () => {
    const id = await api.newScript({ notify });
    let changes = 0;
    const handler = new RequestAuthorizationHandler(scriptsOf(api), {
      known: async (_organizationId, approvers) => {
        changes += 1;
        const body = api.aScript({ notify: changes < 9 ? [`auth0|${changes}`] : notify });
        if (changes < 10) await api.call('PUT', `/scripts/scheduled/${id}`, { body });
        return { approvers, informed: [], unknown: [] };
      },
    });
    const caller = { sub: 'auth0|author', organizationId: 'org_a', scopes: [], expiresAt: Infinity };
    await handler.execute(new RequestAuthorization(caller, id, undefined));
    expect((await api.eventsOf(id)).at(-1)).toMatchObject({
      type: 'scheduled-script.authorization-requested.v1',
      data: { version: 10, approvers: ['auth0|approver', 'auth0|viewer', 'auth0|gone'] },
    });
  });

  it.each([[[]], [['auth0|viewer']], [['auth0|author']], [['auth0|stranger', 'auth0|gone']]])(
    'finds no approver among %j',
    async (users) => {
      const id = await api.newScript({ notify: users });
      const before = await api.rowCounts();
      expect(await api.call('GET', at(id))).toMatchObject({ status: 422, json: { code: 'no_approver', param: 'notify' } });
      expect(await api.rowCounts()).toEqual(before);
    },
  );

  it('refuses unless the script is unauthorized', async () => {
    const id = await api.newScheduledScript();
    expect(await api.call('GET', at(id))).toMatchObject({ status: 409, json: { code: 'not_authorizable' } });
    await api.record(id, launchedByNow);
    expect(await api.call('GET', at(id))).toMatchObject({ status: 409, json: { code: 'script_already_launched' } });
  });

  it('refuses after the launch time', async () => {
    const launchAt = Date.now() + 2_500;
    const id = await api.newScript({ notify, launch_at: new Date(launchAt).toISOString() });
    await until(() => Date.now() > launchAt);
    expect(await api.call('GET', at(id))).toMatchObject({ status: 409, json: { code: 'launch_time_passed' } });
    expect(await api.call('POST', at(id), { as: 'approver' })).toMatchObject({ status: 409, json: { code: 'launch_time_passed' } });
  });

  it('does nothing for HEAD', async () => {
    const id = await api.newScript({ notify });
    const answer = await api.call('HEAD', at(id));
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect(await api.eventsOf(id)).toHaveLength(1);
  });

  it('looks up again whom to ask when the script changes meanwhile', async () => {
    const id = await api.newScript({ notify });
    const changes = [1, 2].map((count) =>
      api.call('PUT', `/scripts/scheduled/${id}`, { body: api.aScript({ notify, description: `${count}` }) }),
    );
    const [requested, ...changed] = await Promise.all([api.call('GET', at(id)), ...changes]);
    expect([requested.status, ...changed.map(({ status }) => status)]).toEqual([202, 200, 200]);
  });
});
