import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCommandApi, statusesOf, type TestApi } from '../../testing/command-api.fixture.js';

const at = (id: string) => `/scripts/scheduled/${id}`;

describe('POST /scripts/scheduled/{id}/authorize', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startCommandApi();
  });

  afterAll(() => api.stop());

  const authorize = (id: string, as: 'approver' | 'writer' | 'author' = 'approver', headers: Record<string, string> = {}) =>
    api.call('POST', `${at(id)}/authorize`, { as, headers });

  it('schedules the script, and says when it was approved', async () => {
    const id = await api.newScript();
    const answer = await authorize(id);
    expect(answer).toMatchObject({
      status: 200,
      json: { id, status: 'scheduled', authorized_at: expect.stringMatching(/\.\d{6}Z$/), created_by: 'auth0|author' },
    });
    expect(answer.json['updated_at']).toBe(answer.json['authorized_at']);
    expect(answer.headers.get('etag')).toMatch(/^"2-/);
    expect((await api.eventsOf(id)).at(-1)).toMatchObject({
      type: 'scheduled-script.authorized.v1',
      data: { version: 1, authorizationId: null },
      metadata: { actor: 'auth0|approver' },
    });
  });

  it('is not for authors: neither who wrote it nor who changed it', async () => {
    const answer = await api.call('POST', '/scripts/scheduled', { as: 'writer', body: api.aScript() });
    const own = String(answer.json['id']);
    expect(await authorize(own, 'writer')).toMatchObject({
      status: 403,
      json: { code: 'self_authorization_forbidden', type: 'permission_error' },
    });
    const id = await api.newScript();
    await api.call('PUT', at(id), { as: 'approver', body: api.aScript() });
    expect((await authorize(id)).status).toBe(403);
    expect((await authorize(id, 'writer')).status).toBe(200);
  });

  it('needs its scope', async () => {
    const id = await api.newScript();
    expect(await authorize(id, 'author')).toMatchObject({ status: 403, json: { code: 'scope_missing' } });
  });

  it('approves the version that was read', async () => {
    const id = await api.newScript();
    await api.call('PUT', at(id), { body: api.aScript() });
    expect((await authorize(id, 'approver', { 'If-Match': '"1-x"' })).status).toBe(412);
    expect((await authorize(id, 'approver', { 'If-Match': '"2-x"' })).status).toBe(200);
  });

  it('approves once', async () => {
    const id = await api.newScript();
    const answers = await Promise.all([authorize(id), authorize(id, 'writer')]);
    expect(statusesOf(answers)).toEqual([200, 409]);
    expect(await authorize(id)).toMatchObject({ status: 409, json: { code: 'not_authorizable' } });
    expect(await api.eventsOf(id)).toHaveLength(2);
  });

  it('takes no body', async () => {
    const id = await api.newScript();
    const answer = await api.call('POST', `${at(id)}/authorize`, { as: 'approver', body: { force: true } });
    expect(answer).toMatchObject({ status: 400, json: { code: 'parameter_unknown', param: 'force' } });
    expect(await api.eventsOf(id)).toHaveLength(1);
  });
});

describe('with ALLOW_SELF_AUTHORIZATION', () => {
  it('an author may approve and launch', async () => {
    const api = await startCommandApi({ ALLOW_SELF_AUTHORIZATION: 'true' });
    const answer = await api.call('POST', '/scripts/scheduled', { as: 'writer', body: api.aScript() });
    const id = String(answer.json['id']);
    expect((await api.call('POST', `${at(id)}/authorize`, { as: 'writer' })).status).toBe(200);
    expect((await api.call('POST', `${at(id)}/launch`, { as: 'writer' })).status).toBe(202);
    await api.stop();
  });
});
