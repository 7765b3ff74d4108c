import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CheckStage } from '../../testing/check-stage.js';
import { statusesOf } from '../../testing/command-api.fixture.js';

describe('the request to check a site', () => {
  let stage: CheckStage;

  beforeAll(async () => {
    stage = await CheckStage.set();
  });

  afterAll(() => stage.strike());

  it('takes nobody but who may manage the site, and no body', async () => {
    const id = await stage.register(await stage.shelf.router());
    expect((await stage.ask(id, { as: null })).status).toBe(401);
    expect(await stage.ask(id, { as: 'viewer' })).toMatchObject({ status: 403, json: { code: 'scope_missing' } });
    expect(await stage.ask(id, { as: 'viewer', body: { force: true } })).toMatchObject({
      status: 400,
      json: { code: 'parameter_unknown' },
    });
    for (const [site, as] of [
      [id, 'stranger'],
      ['site_ofNobody00000001', 'author'],
      ['%00', 'author'],
    ] as const) {
      expect(await stage.ask(site, { as })).toMatchObject({ status: 404, json: { code: 'site_not_found' } });
    }
    expect(await stage.api.call('GET', `/sites/${id}/check`)).toMatchObject({ status: 405, json: { code: 'method_not_allowed' } });
  });

  it('is refused while the site is being checked, and while too many others are', async () => {
    const router = await stage.shelf.router({ faults: { conditions: { silent: true } } });
    const ids = [
      await stage.register(router),
      await stage.register(router, { serial: null }),
      await stage.register(router, { serial: null }),
    ];
    const twice = await Promise.all([ids[0], ids[0]].map((id) => stage.ask(id ?? '')));
    expect(statusesOf(twice)).toEqual([200, 409]);
    const problems = twice.map(({ json }) => json['code']);
    expect(problems).toContain('site_check_in_progress');
    const many = await Promise.all(ids.map((id) => stage.ask(id)));
    expect(statusesOf(many)).toEqual([200, 200, 429]);
    const full = many.find(({ status }) => status === 429);
    expect(full).toMatchObject({ json: { type: 'rate_limit_error', code: 'too_many_requests' } });
    expect(full?.headers.get('retry-after')).toBe('1');
  });
});
