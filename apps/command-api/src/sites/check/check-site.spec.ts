import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SiteCheckJson } from '@scheduled-scripts/contracts';
import { until } from '@scheduled-scripts/postgres/testing';
import { connectRouter } from '@scheduled-scripts/routeros';
import { CheckStage, checkTimeoutMillis, nothing } from '../../testing/check-stage.js';

const yearMillis = 365 * 24 * 3_600_000;

const codesOf = ({ problems }: SiteCheckJson): readonly string[] => problems.map(({ code }) => code);

describe('the check of a site', () => {
  let stage: CheckStage;

  beforeAll(async () => {
    stage = await CheckStage.set();
  });

  afterAll(() => stage.strike());

  it('says of a healthy router who and how it is, and that nothing is wrong', async () => {
    const router = await stage.shelf.router();
    const { identity, serial, version } = router.description;
    const id = await stage.register(router);
    expect(await stage.check(id)).toEqual({
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
    const router = await stage.shelf.router();
    const id = await stage.register(router);
    const menus = ['/system/script', '/system/scheduler', '/file', '/user', '/user/group', '/ip/service', '/system/identity', '/interface'];
    const before = menus.map((menu) => router.rows(menu));
    await stage.check(id);
    expect(menus.map((menu) => router.rows(menu))).toEqual(before);
    expect(router.journal().map(({ kind }) => kind)).toEqual(['booted']);
    expect(router.rows('/user/active')).toEqual([]);
  });

  it('does not disturb a script that runs there', async () => {
    const router = await stage.shelf.router();
    const id = await stage.register(router);
    const script = '/system script run long';
    await stage.shelf.command(router, ['/system/script/add', '=name=long', '=source=:delay 500ms'], ['/execute', `=script=${script}`]);
    const runs = () => router.journal().filter(({ kind }) => kind.startsWith('script-'));
    await until(() => runs().length === 1);
    expect(await stage.check(id)).toMatchObject({ logged_in: true, problems: [] });
    await until(() => runs().length === 2);
    expect(runs()).toMatchObject([{ kind: 'script-started' }, { kind: 'script-ended', outcome: 'completed' }]);
  });

  it('says so when the router has no place for one more session', async () => {
    const router = await stage.shelf.router({ faults: { conditions: { maxSessions: 1 } } });
    const { host, port, username, password } = router.description;
    const patience = { connectTimeoutMillis: 5_000, loginTimeoutMillis: 5_000 };
    const other = await connectRouter({ host, port, username, password, tls: { mode: 'none' } }, patience);
    expect(await stage.check(await stage.register(router))).toMatchObject({
      ...nothing,
      reachable: true,
      problems: [{ code: 'broken_off' }],
    });
    await other.close();
  });

  it('finds a wrong password', async () => {
    const result = await stage.found({}, { password: 'not this one' });
    expect(result).toMatchObject({ ...nothing, reachable: true, problems: [{ code: 'login_failed' }] });
    expect(JSON.stringify(result)).not.toContain('not this one');
  });

  it('finds nobody', async () => {
    const router = await stage.shelf.router();
    const id = await stage.register(router);
    await router.stop();
    expect(await stage.check(id)).toMatchObject({ ...nothing, reachable: false, problems: [{ code: 'unreachable' }] });
  });

  it('gives up in time on a router that takes the connection and is silent', async () => {
    const result = await stage.found({ faults: { conditions: { silent: true } } });
    expect(result).toMatchObject({ ...nothing, reachable: true, problems: [{ code: 'broken_off' }] });
    const [, waited] = /^no answer to the login within (\d+) ms$/.exec(result.problems[0]?.message ?? '') ?? [];
    expect(Number(waited)).toBeLessThanOrEqual(checkTimeoutMillis / 2);
  });

  it('gives up on a router that falls silent in between, and says what it knows', async () => {
    const rules = [{ at: { point: 'command', path: '/user/print' }, effect: { kind: 'silent' } }] as const;
    expect(await stage.found({ faults: { rules: [...rules] } })).toMatchObject({
      logged_in: true,
      identity: { serial_matches: true },
      version: { supported: true },
      rights: null,
      clock: null,
      problems: [{ code: 'broken_off' }],
    });
  });

  it.each(['reset', 'close', 'half-open', 'rubbish', 'flood', 'fatal'] as const)('outlives a router that breaks by %s', async (kind) => {
    const rules = [{ at: { point: 'command', path: '/system/identity/print' }, effect: { kind } }] as const;
    expect(await stage.found({ faults: { rules: [...rules] } })).toMatchObject({ logged_in: true, problems: [{ code: 'broken_off' }] });
  });

  it('passes on what a router refuses, cleaned and cut', async () => {
    const effect = { kind: 'trap', message: `no\r\n\u0007way ${'x'.repeat(900)}` } as const;
    const result = await stage.found({ faults: { rules: [{ at: { point: 'command', path: '/system/clock/print' }, effect }] } });
    expect(result).toMatchObject({ clock: null, rights: { group: 'full' }, problems: [{ code: 'router_refused' }] });
    expect(result.problems[0]?.message).toMatch(/^\/system\/clock\/print: no way x+…$/);
    expect(result.problems[0]?.message).toHaveLength(500);
  });

  it('finds another device', async () => {
    const result = await stage.found({}, { serial: 'HC-ELSEWHERE' });
    expect(result).toMatchObject({ identity: { serial_matches: false }, problems: [{ code: 'wrong_device' }] });
    expect((await stage.found({}, { serial: null })).identity).toMatchObject({ serial_matches: null });
  });

  it('finds a router that is registered twice', async () => {
    const router = await stage.shelf.router();
    const [first, second] = [await stage.register(router), await stage.register(router, { serial: null })];
    expect(codesOf(await stage.check(first))).toEqual([]);
    expect((await stage.check(second)).problems).toEqual([{ code: 'registered_twice', message: expect.stringContaining(first) }]);
  });

  it('finds the rights that are missing', async () => {
    const router = await stage.shelf.router();
    await stage.shelf.command(router, ['/user/add', '=name=clerk', '=group=write', '=password=x']);
    expect(await stage.check(await stage.register(router, { username: 'clerk', password: 'x' }))).toMatchObject({
      rights: { group: 'write', missing: ['policy'], missing_for_backup: ['ftp'] },
      problems: [
        { code: 'rights_missing', message: expect.stringContaining('policy') },
        { code: 'backup_rights_missing', message: expect.stringContaining('ftp') },
      ],
    });
  });

  it('does not know the rights of a user whom the router does not list', async () => {
    const router = await stage.shelf.router();
    const rules = [
      { at: { point: 'command', path: '/user/print' }, effect: { kind: 'trap', message: 'not enough permissions (9)' } },
    ] as const;
    router.setFaults({ rules: [...rules] });
    expect(codesOf(await stage.check(await stage.register(router)))).toEqual(['router_refused', 'rights_unknown']);
  });

  it.each([
    ['ahead', yearMillis],
    ['behind', -yearMillis],
  ])('finds a clock that is a year %s', async (word, clockOffsetMillis) => {
    const result = await stage.found({ faults: { conditions: { clockOffsetMillis } } });
    expect(result.problems).toEqual([{ code: 'clock_off', message: expect.stringContaining(word) }]);
    expect(result.clock?.near).toBe(false);
    expect(Math.round((result.clock?.offset_seconds ?? 0) / 86_400)).toBe(clockOffsetMillis / 86_400_000);
  });

  it('finds a RouterOS that is too old, and reads its clock all the same', async () => {
    const result = await stage.found({ profile: { version: '6.40.9 (bugfix)' } });
    expect(result).toMatchObject({ version: { text: '6.40.9 (bugfix)', supported: false }, clock: { near: true } });
    expect(codesOf(result)).toEqual(['version_unsupported']);
    expect((await stage.found({ profile: { version: '6.49.18 (long-term)' } })).problems).toEqual([]);
  });

  it('says so when the keys do not open the password', async () => {
    const id = await stage.register(await stage.shelf.router());
    await stage.api.database.query(`UPDATE site_directory.sites SET password_key_id = 'lost' WHERE id = $1`, [id]);
    expect(await stage.check(id)).toMatchObject({ ...nothing, reachable: false, problems: [{ code: 'credentials_unreadable' }] });
    expect(stage.api.logged()).toContain('the key lost is not in the key ring');
  });

  it('leaves no password in answers and logs', async () => {
    const router = await stage.shelf.router();
    const id = await stage.register(router);
    const answer = await stage.ask(id);
    for (const text of [answer.text, stage.api.logged()]) expect(text).not.toContain(router.description.password);
  });

  it('is counted by what it found', async () => {
    await stage.found({}, { serial: 'HC-NOT-THIS' });
    const metrics = (await stage.api.call('GET', '/metrics', { as: null })).text;
    expect(metrics).toMatch(/scheduled_scripts_site_checks_total\{problem="none"[^}]*\} [1-9]/);
    expect(metrics).toMatch(/scheduled_scripts_site_checks_total\{problem="wrong_device"[^}]*\} [1-9]/);
  });
});
