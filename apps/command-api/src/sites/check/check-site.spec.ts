import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { siteCheckResource, type SiteCheckJson } from '@scheduled-scripts/contracts';
import type { RouterOptions, RunningRouter } from '@scheduled-scripts/router-simulator';
import { selfSigned } from '@scheduled-scripts/routeros/testing';
import { startCommandApi, statusesOf, type Answer, type CallOptions, type TestApi } from '../../testing/command-api.fixture.js';
import { RouterShelf } from '../../testing/router-shelf.js';

const timeoutMillis = 1_500;
const certificate = selfSigned('127.0.0.1');
const yearMillis = 365 * 24 * 3_600_000;

const codesOf = ({ problems }: SiteCheckJson): readonly string[] => problems.map(({ code }) => code);

describe('the check of a site', () => {
  let api: TestApi;
  const shelf = new RouterShelf();

  beforeAll(async () => {
    api = await startCommandApi({
      ALLOW_LOOPBACK_SITES: 'true',
      SITE_CHECK_TIMEOUT_MILLIS: String(timeoutMillis),
      SITE_CHECKS_AT_ONCE: '2',
    });
  });

  afterAll(async () => {
    await api.stop();
    await shelf.clear();
  });

  const register = async ({ description }: RunningRouter, over: Record<string, unknown> = {}): Promise<string> => {
    const { name, host, port, username, password, serial } = description;
    const answer = await api.call('POST', '/sites', { body: { name, host, port, username, password, serial, tls: 'none', ...over } });
    if (answer.status !== 201) throw new Error(`not registered: ${answer.text}`);
    return String(answer.json['id']);
  };
  const ask = (id: string, options: CallOptions = {}): Promise<Answer> => api.call('POST', `/sites/${id}/check`, options);
  const check = async (id: string): Promise<SiteCheckJson> => {
    const answer = await ask(id);
    expect(answer.status).toBe(200);
    return siteCheckResource.parse(answer.json);
  };
  /** Of a new router that is registered as it is, but for what is said. */
  const found = async (options: Partial<RouterOptions> = {}, over: Record<string, unknown> = {}): Promise<SiteCheckJson> =>
    check(await register(await shelf.router(options), over));
  const withTls = (over: Record<string, unknown>) => async (): Promise<SiteCheckJson> => {
    const router = await shelf.router({ tls: { port: 0, files: certificate } });
    return check(await register(router, { port: router.description.tlsPort, ...over }));
  };

  const nothing = { logged_in: false, identity: null, version: null, rights: null, clock: null };

  it('says of a healthy router who and how it is, and that nothing is wrong', async () => {
    const router = await shelf.router();
    const { identity, serial, version } = router.description;
    const id = await register(router);
    expect(await check(id)).toEqual({
      site_id: id,
      checked_at: expect.any(String),
      reachable: true,
      tls: { mode: 'none', fingerprint: null, trusted: null },
      logged_in: true,
      identity: { name: identity, board: 'RB5009UG+S+', serial, serial_matches: true },
      version: { text: version, supported: true },
      rights: {
        group: 'full',
        policies: expect.arrayContaining(['api', 'ftp', 'policy', 'sensitive']),
        missing: [],
        missing_for_backup: [],
      },
      clock: { time: expect.any(String), offset_seconds: expect.any(Number), near: true },
      duration_ms: expect.any(Number),
      problems: [],
    });
  });

  it('changes nothing on the router, and leaves no session behind', async () => {
    const router = await shelf.router();
    const id = await register(router);
    const menus = ['/system/script', '/system/scheduler', '/file', '/user', '/user/group', '/ip/service', '/system/identity', '/interface'];
    const before = menus.map((menu) => router.rows(menu));
    await check(id);
    expect(menus.map((menu) => router.rows(menu))).toEqual(before);
    expect(router.journal().map(({ kind }) => kind)).toEqual(['booted']);
    expect(router.rows('/user/active')).toEqual([]);
  });

  it('finds a wrong password', async () => {
    const result = await found({}, { password: 'not this one' });
    expect(result).toMatchObject({ ...nothing, reachable: true, problems: [{ code: 'login_failed' }] });
    expect(JSON.stringify(result)).not.toContain('not this one');
  });

  it('finds nobody', async () => {
    const router = await shelf.router();
    const id = await register(router);
    await router.stop();
    expect(await check(id)).toMatchObject({ ...nothing, reachable: false, problems: [{ code: 'unreachable' }] });
  });

  it('gives up in time on a router that takes the connection and is silent', async () => {
    const result = await found({ faults: { conditions: { silent: true } } });
    expect(result).toMatchObject({ ...nothing, reachable: true, problems: [{ code: 'broken_off' }] });
    expect(result.duration_ms).toBeLessThanOrEqual(2 * timeoutMillis);
  });

  it('gives up on a router that falls silent in between, and says what it knows', async () => {
    const rules = [{ at: { point: 'command', path: '/user/print' }, effect: { kind: 'silent' } }] as const;
    expect(await found({ faults: { rules: [...rules] } })).toMatchObject({
      logged_in: true,
      identity: { serial_matches: true },
      version: { supported: true },
      rights: null,
      clock: null,
      problems: [{ code: 'broken_off' }],
    });
  });

  it('passes on what a router refuses, cleaned and cut', async () => {
    const effect = { kind: 'trap', message: `no\r\n\u0007way ${'x'.repeat(900)}` } as const;
    const result = await found({ faults: { rules: [{ at: { point: 'command', path: '/system/clock/print' }, effect }] } });
    expect(result).toMatchObject({ clock: null, rights: { group: 'full' }, problems: [{ code: 'router_refused' }] });
    expect(result.problems[0]?.message).toMatch(/^\/system\/clock\/print: no way x+…$/);
    expect(result.problems[0]?.message).toHaveLength(500);
  });

  it('finds another device', async () => {
    const result = await found({}, { serial: 'HC-ELSEWHERE' });
    expect(result).toMatchObject({ identity: { serial_matches: false }, problems: [{ code: 'wrong_device' }] });
    expect((await found({}, { serial: null })).identity).toMatchObject({ serial_matches: null });
  });

  it('finds a router that is registered twice', async () => {
    const router = await shelf.router();
    const [first, second] = [await register(router), await register(router, { serial: null })];
    expect(codesOf(await check(first))).toEqual([]);
    expect((await check(second)).problems).toEqual([{ code: 'registered_twice', message: expect.stringContaining(first) }]);
  });

  it('finds the rights that are missing', async () => {
    const router = await shelf.router();
    await shelf.command(router, ['/user/add', '=name=clerk', '=group=write', '=password=x']);
    expect(await check(await register(router, { username: 'clerk', password: 'x' }))).toMatchObject({
      rights: { group: 'write', missing: ['policy'], missing_for_backup: ['ftp'] },
      problems: [
        { code: 'rights_missing', message: expect.stringContaining('policy') },
        { code: 'backup_rights_missing', message: expect.stringContaining('ftp') },
      ],
    });
  });

  it('does not know the rights of a user whom the router does not list', async () => {
    const router = await shelf.router();
    const rules = [
      { at: { point: 'command', path: '/user/print' }, effect: { kind: 'trap', message: 'not enough permissions (9)' } },
    ] as const;
    router.setFaults({ rules: [...rules] });
    expect(codesOf(await check(await register(router)))).toEqual(['router_refused', 'rights_unknown']);
  });

  it.each([
    ['ahead', yearMillis],
    ['behind', -yearMillis],
  ])('finds a clock that is a year %s', async (word, clockOffsetMillis) => {
    const result = await found({ faults: { conditions: { clockOffsetMillis } } });
    expect(result.problems).toEqual([{ code: 'clock_off', message: expect.stringContaining(word) }]);
    expect(result.clock?.near).toBe(false);
    expect(Math.round((result.clock?.offset_seconds ?? 0) / 86_400)).toBe(clockOffsetMillis / 86_400_000);
  });

  it('finds a RouterOS that is too old, and reads its clock all the same', async () => {
    const result = await found({ profile: { version: '6.40.9 (bugfix)' } });
    expect(result).toMatchObject({ version: { text: '6.40.9 (bugfix)', supported: false }, clock: { near: true } });
    expect(codesOf(result)).toEqual(['version_unsupported']);
    expect((await found({ profile: { version: '6.49.18 (long-term)' } })).problems).toEqual([]);
  });

  describe('over TLS', () => {
    const other = 'ab'.repeat(32);

    it.each(['', ':'])('knows the pinned certificate, written with %j', async (separator) => {
      const pin = (certificate.sha256.match(/../g) ?? []).join(separator);
      const result = await withTls({ tls: 'pin', tls_fingerprint: separator === '' ? pin : pin.toUpperCase() })();
      expect(result).toMatchObject({ tls: { mode: 'pin', fingerprint: certificate.sha256, trusted: true }, logged_in: true, problems: [] });
    });

    it('finds another certificate than the pinned, and shows it', async () => {
      expect(await withTls({ tls: 'pin', tls_fingerprint: other })()).toMatchObject({
        ...nothing,
        reachable: true,
        tls: { mode: 'pin', fingerprint: certificate.sha256, trusted: false },
        problems: [{ code: 'tls_untrusted' }],
      });
    });

    it('finds a certificate that nobody vouches for, and shows it, so that it can be pinned', async () => {
      const result = await withTls({ tls: 'verify' })();
      expect(result).toMatchObject({
        ...nothing,
        reachable: true,
        tls: { mode: 'verify', fingerprint: certificate.sha256, trusted: false },
        problems: [{ code: 'tls_untrusted' }],
      });
      const change = { tls: 'pin', tls_fingerprint: result.tls.fingerprint };
      expect((await api.call('PATCH', `/sites/${result.site_id}`, { body: change })).status).toBe(200);
      expect(await check(result.site_id)).toMatchObject({ tls: { trusted: true }, problems: [] });
    });

    it('finds a router that speaks none there', async () => {
      expect(await found({}, { tls: 'verify' })).toMatchObject({
        ...nothing,
        tls: { fingerprint: null, trusted: false },
        problems: [{ code: 'tls_untrusted' }],
      });
    });
  });

  it('says so when the keys do not open the password', async () => {
    const id = await register(await shelf.router());
    await api.database.query(`UPDATE site_directory.sites SET password_key_id = 'lost' WHERE id = $1`, [id]);
    expect(await check(id)).toMatchObject({ ...nothing, reachable: false, problems: [{ code: 'credentials_unreadable' }] });
    expect(api.logged()).toContain('the key lost is not in the key ring');
  });

  describe('as a request', () => {
    it('takes nobody but who may manage the site, and no body', async () => {
      const id = await register(await shelf.router());
      expect((await ask(id, { as: null })).status).toBe(401);
      expect(await ask(id, { as: 'viewer' })).toMatchObject({ status: 403, json: { code: 'scope_missing' } });
      expect(await ask(id, { as: 'viewer', body: { force: true } })).toMatchObject({ status: 400, json: { code: 'parameter_unknown' } });
      for (const [site, as] of [
        [id, 'stranger'],
        ['site_ofNobody00000001', 'author'],
        ['%00', 'author'],
      ] as const) {
        expect(await ask(site, { as })).toMatchObject({ status: 404, json: { code: 'site_not_found' } });
      }
      expect(await api.call('GET', `/sites/${id}/check`)).toMatchObject({ status: 405, json: { code: 'method_not_allowed' } });
    });

    it('is refused while the site is being checked, and while too many others are', async () => {
      const router = await shelf.router({ faults: { conditions: { silent: true } } });
      const ids = [await register(router), await register(router, { serial: null }), await register(router, { serial: null })];
      const twice = await Promise.all([ids[0], ids[0]].map((id) => ask(id ?? '')));
      expect(statusesOf(twice)).toEqual([200, 409]);
      const problems = twice.map(({ json }) => json['code']);
      expect(problems).toContain('site_check_in_progress');
      const many = await Promise.all(ids.map((id) => ask(id)));
      expect(statusesOf(many)).toEqual([200, 200, 429]);
      const full = many.find(({ status }) => status === 429);
      expect(full).toMatchObject({ json: { type: 'rate_limit_error', code: 'too_many_requests' } });
      expect(full?.headers.get('retry-after')).toBe('1');
    });
  });

  it('leaves no password in answers and logs', async () => {
    const router = await shelf.router();
    const id = await register(router);
    const answer = await ask(id);
    for (const text of [answer.text, api.logged()]) expect(text).not.toContain(router.description.password);
  });

  it('is counted by what it found', async () => {
    await found({}, { serial: 'HC-NOT-THIS' });
    const metrics = (await api.call('GET', '/metrics', { as: null })).text;
    expect(metrics).toMatch(/scheduled_scripts_site_checks_total\{problem="none"[^}]*\} [1-9]/);
    expect(metrics).toMatch(/scheduled_scripts_site_checks_total\{problem="wrong_device"[^}]*\} [1-9]/);
  });
});
