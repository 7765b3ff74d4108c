import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@scheduled-scripts/postgres/testing';
import { launchedByNow, startCommandApi, statusesOf, type TestApi } from '../../testing/command-api.fixture.js';

const at = (id: string) => `/scripts/scheduled/${id}`;

describe('PUT /scripts/scheduled/{id}', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startCommandApi();
  });

  afterAll(() => api.stop());

  const put = (id: string, over: Record<string, unknown> = {}, ifMatch?: string) =>
    api.call('PUT', at(id), { body: api.aScript(over), headers: ifMatch === undefined ? {} : { 'If-Match': ifMatch } });

  it('changes what it says, keeps what it may leave out, and takes an approval back', async () => {
    const id = await api.newScript({ test_site_id: api.sites[1], abort_if_offline: true, notify: ['auth0|approver'] });
    await api.call('POST', `${at(id)}/authorize`, { as: 'approver' });
    const { launch_at: _, ...body } = api.aScript({ description: 'Changed', make_backup: true });
    const answer = await api.call('PUT', at(id), { body });
    expect(answer).toMatchObject({
      status: 200,
      json: {
        id,
        description: 'Changed',
        make_backup: true,
        notify: [],
        launch_at: '2090-01-01T00:00:00.000000Z',
        test_site_id: api.sites[1],
        abort_if_offline: true,
        status: 'unauthorized',
        authorized_at: null,
      },
    });
    expect(answer.headers.get('etag')).toMatch(/^"3-/);
    expect((await put(id, { test_site_id: null })).json['test_site_id']).toBeNull();
  });

  it('asks for the version first, then for the state, and last for what the body means', async () => {
    const id = await api.newScript();
    const bad = { description: '' };
    expect((await put('018f5bda-4690-4432-8472-358b2734f19b', bad)).json['code']).toBe('script_not_found');
    expect((await put('nonsense', bad)).json['code']).toBe('script_not_found');
    expect((await put(id, bad, '"7-x"')).json['code']).toBe('revision_mismatch');
    expect((await put(id, bad)).json['code']).toBe('parameter_invalid');
    await api.record(id, launchedByNow);
    expect((await put(id, bad, '"1-x"')).json['code']).toBe('revision_mismatch');
    expect((await put(id, bad, '"2-x"')).json['code']).toBe('script_already_launched');
    expect((await put(id, { sites: [api.foreignSite] })).json['code']).toBe('script_already_launched');
  });

  it('refuses after a cancellation', async () => {
    const id = await api.newScript();
    await api.call('DELETE', at(id));
    expect(await put(id)).toMatchObject({ status: 409, json: { code: 'script_cancelled' } });
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['a past launch', { launch_at: '2020-01-01T00:00:00Z' }, 'launch_at_in_past', 'launch_at'],
    ['an unknown site', { sites: ['site_00000000000000000000'] }, 'unknown_site', 'sites[0]'],
    ['an unknown test site', { test_site_id: 'site_00000000000000000000' }, 'unknown_site', 'test_site_id'],
    ['an empty script', { script: '' }, 'parameter_invalid', 'script'],
  ])('refuses %s with 422, and changes nothing', async (_, over, code, param) => {
    const id = await api.newScript();
    const before = await api.rowCounts();
    expect(await put(id, over)).toMatchObject({ status: 422, json: { code, param } });
    expect(await api.rowCounts()).toEqual(before);
  });

  it('refuses to keep a launch time that has passed', async () => {
    const launchAt = Date.now() + 2_500;
    const id = await api.newScript({ launch_at: new Date(launchAt).toISOString() });
    await until(() => Date.now() > launchAt);
    const { launch_at: _, ...body } = api.aScript();
    expect(await api.call('PUT', at(id), { body })).toMatchObject({ status: 422, json: { code: 'launch_at_in_past' } });
    expect((await put(id)).status).toBe(200);
  });

  it.each<[string, number, Record<string, string>]>([
    ['"1-anything"', 200, {}],
    ['W/"1-anything"', 200, {}],
    ['"9-x", W/"1-y"', 200, {}],
    ['*', 200, {}],
    ['"2-anything"', 412, { type: 'conflict_error', code: 'revision_mismatch', param: 'If-Match' }],
    ['"2-a", "3-b"', 412, { type: 'conflict_error', code: 'revision_mismatch', param: 'If-Match' }],
    ['"foreign"', 412, { type: 'conflict_error', code: 'revision_mismatch', param: 'If-Match' }],
    ['1', 400, { type: 'invalid_request_error', code: 'parameter_invalid', param: 'If-Match' }],
    ['"1-a" "1-b"', 400, { type: 'invalid_request_error', code: 'parameter_invalid', param: 'If-Match' }],
  ])('answers to If-Match %s with %i', async (ifMatch, status, json) => {
    const id = await api.newScript();
    expect(await put(id, {}, ifMatch)).toMatchObject({ status, json });
    expect(await api.eventsOf(id)).toHaveLength(status === 200 ? 2 : 1);
  });

  it('lets one of two changes to the same version win', async () => {
    const id = await api.newScript();
    const answers = await Promise.all(['one', 'two'].map((description) => put(id, { description }, '"1-x"')));
    expect(statusesOf(answers)).toEqual([200, 412]);
    expect(await api.eventsOf(id)).toHaveLength(2);
  });

  it('takes changes one after the other when nobody asks for a version', async () => {
    const id = await api.newScript();
    const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => put(id, { description: `change ${index}` })));
    expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 200, 200]);
    const versions = answers.map(({ headers }) => Number(/^"(\d+)-/.exec(headers.get('etag') ?? '')?.[1]));
    expect(versions.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('never leaves an approval on a text that the approver has not seen', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await api.newScript();
      const [revised, authorized] = await Promise.all([
        put(id, { script: ':put changed' }),
        api.call('POST', `${at(id)}/authorize`, { as: 'approver', headers: { 'If-Match': '"1-x"' } }),
      ]);
      const types = (await api.eventsOf(id)).map(({ type }) => type.split('.')[1]);
      const approvedFirst = authorized.status === 200;
      expect([revised.status, authorized.status]).toEqual([200, approvedFirst ? 200 : 412]);
      expect(types).toEqual(approvedFirst ? ['created', 'authorized', 'revised'] : ['created', 'revised']);
    }
  });

  it('keeps the sites that it targets from being removed', async () => {
    const id = await api.newScript();
    await put(id, { sites: [api.sites[2]] });
    expect(await api.call('DELETE', `/sites/${api.sites[2]}`)).toMatchObject({ status: 409, json: { code: 'site_in_use' } });
  });
});
