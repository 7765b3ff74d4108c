import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { completed, launchedByNow, startCommandApi, type TestApi } from '../testing/command-api.fixture.js';

const at = (id: string) => `/scripts/scheduled/${id}`;
const hour = 3_600_000;

describe('actions on a scheduled script', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startCommandApi({ EXECUTION_WINDOW_MILLIS: String(hour) });
  });

  afterAll(() => api.stop());

  const post = (id: string, action: string, headers: Record<string, string> = {}) =>
    api.call('POST', `${at(id)}/${action}`, { as: 'approver', headers });
  const lastOf = async (id: string) => (await api.eventsOf(id)).at(-1);
  const windowOf = (event: Awaited<ReturnType<typeof lastOf>>) =>
    Date.parse(String(event?.data['windowEndsAt'])) - Date.parse(event?.metadata.at ?? '');

  describe('DELETE', () => {
    it('cancels, and says so again when repeated', async () => {
      const id = await api.newScript();
      for (const _ of [1, 2]) {
        const answer = await api.call('DELETE', at(id));
        expect([answer.status, answer.text]).toEqual([204, '']);
      }
      expect(await api.eventsOf(id)).toHaveLength(2);
      expect(await lastOf(id)).toMatchObject({ type: 'scheduled-script.cancelled.v1', data: { reason: 'requested' } });
    });

    it('refuses after the launch', async () => {
      const id = await api.newScheduledScript();
      await api.record(id, launchedByNow);
      expect(await api.call('DELETE', at(id))).toMatchObject({ status: 409, json: { code: 'script_already_launched' } });
    });

    it('cancels the version that was read', async () => {
      const id = await api.newScheduledScript();
      expect((await api.call('DELETE', at(id), { headers: { 'If-Match': '"1-x"' } })).status).toBe(412);
      expect((await api.call('DELETE', at(id), { headers: { 'If-Match': '"2-x"' } })).status).toBe(204);
    });
  });

  describe('launch', () => {
    it('launches now, by hand, and leaves launch_at', async () => {
      const id = await api.newScheduledScript();
      const answer = await post(id, 'launch');
      expect([answer.status, answer.text]).toEqual([202, '']);
      const launched = await lastOf(id);
      expect(launched).toMatchObject({
        type: 'scheduled-script.launched.v1',
        data: { trigger: 'hand' },
        metadata: { actor: 'auth0|approver' },
      });
      expect(windowOf(launched)).toBe(hour);
    });

    it('launches once', async () => {
      const id = await api.newScheduledScript();
      const answers = await Promise.all([post(id, 'launch'), post(id, 'launch'), api.call('DELETE', at(id))]);
      const accepted = answers.filter(({ status }) => status < 300);
      expect(accepted).toHaveLength(1);
      expect(await api.eventsOf(id)).toHaveLength(3);
    });

    it('refuses what is not approved, its author, and who may not', async () => {
      const unapproved = await api.newScript();
      expect(await post(unapproved, 'launch')).toMatchObject({ status: 409, json: { code: 'not_launchable' } });
      const own = String((await api.call('POST', '/scripts/scheduled', { as: 'writer', body: api.aScript() })).json['id']);
      await post(own, 'authorize');
      expect(await api.call('POST', `${at(own)}/launch`, { as: 'writer' })).toMatchObject({
        status: 403,
        json: { code: 'self_authorization_forbidden' },
      });
      expect(await api.call('POST', `${at(own)}/launch`, { as: 'author' })).toMatchObject({ status: 403, json: { code: 'scope_missing' } });
      await post(own, 'launch');
      expect(await post(own, 'launch')).toMatchObject({ status: 409, json: { code: 'script_already_launched' } });
    });
  });

  describe('test', () => {
    it('asks for a run on the test site, each time anew', async () => {
      const id = await api.newScript({ test_site_id: api.sites[1] });
      for (const number of [1, 2]) {
        const answer = await api.call('POST', `${at(id)}/test`);
        expect([answer.status, answer.text]).toEqual([202, '']);
        expect(await lastOf(id)).toMatchObject({ type: 'scheduled-script.test-requested.v1', data: { siteId: api.sites[1], number } });
      }
      expect(windowOf(await lastOf(id))).toBe(hour);
    });

    it('touches neither status nor version', async () => {
      const id = await api.newScript({ test_site_id: api.sites[1] });
      await api.call('POST', `${at(id)}/test`);
      const answer = await post(id, 'authorize', { 'If-Match': '"1-x"' });
      expect(answer.json).toMatchObject({ status: 'scheduled', progress: { completed: [], failed: [], pending: [] } });
      expect((await api.call('POST', `${at(id)}/test`)).status).toBe(202);
    });

    it('refuses without a test site, and when it is over', async () => {
      const id = await api.newScript();
      expect(await api.call('POST', `${at(id)}/test`)).toMatchObject({
        status: 422,
        json: { code: 'no_test_site', param: 'test_site_id' },
      });
      await api.call('DELETE', at(id));
      expect(await api.call('POST', `${at(id)}/test`)).toMatchObject({ status: 409, json: { code: 'script_cancelled' } });
    });
  });

  describe('abort', () => {
    it('withdraws a rollout that is under way, once', async () => {
      const id = await api.newScheduledScript();
      expect(await post(id, 'abort')).toMatchObject({ status: 409, json: { code: 'not_abortable' } });
      await api.record(id, launchedByNow);
      for (const _ of [1, 2]) expect((await post(id, 'abort')).status).toBe(202);
      expect(await lastOf(id)).toMatchObject({ type: 'scheduled-script.rollout-aborted.v1' });
      expect(await api.eventsOf(id)).toHaveLength(4);
    });

    it('stays accepted when the rollout has ended', async () => {
      const id = await api.newScheduledScript();
      await api.record(id, launchedByNow);
      expect((await post(id, 'abort')).status).toBe(202);
      await api.record(id, completed);
      expect((await post(id, 'abort')).status).toBe(202);
      expect(await lastOf(id)).toMatchObject({ type: 'scheduled-script.rollout-completed.v1' });
    });

    it('refuses when the rollout has ended without one', async () => {
      const id = await api.newScheduledScript();
      await api.record(id, launchedByNow, completed);
      expect(await post(id, 'abort')).toMatchObject({ status: 409, json: { code: 'not_abortable' } });
    });
  });
});
