import { describe, expect, it } from '@jest/globals';
import { connectRouter } from '@scheduled-scripts/routeros';
import { scriptedRouter } from '@scheduled-scripts/routeros/testing';
import type { Site } from '@scheduled-scripts/site-directory';
import { Deadline } from './deadline.js';
import { Findings } from './findings.js';
import { RouterQuestions } from './question-router.js';

const now = Date.parse('2026-11-24T02:00:00.400Z');
const site: Site = {
  id: 'site_0000000000000001',
  organizationId: 'org_a',
  name: 'Depot',
  host: '127.0.0.1',
  port: 8728,
  tls: 'none',
  tlsFingerprint: null,
  username: 'runner',
  serial: 'HC1',
  version: 1,
  createdAt: '2026-01-01T00:00:00.000000Z',
  updatedAt: '2026-01-01T00:00:00.000000Z',
};

type Row = readonly string[];
/** What a router says to each question, in their order; no row is an empty answer. */
const ordinary = {
  resource: ['=version=7.19.4 (stable)', '=board-name=hEX S'],
  routerboard: ['=serial-number=HC1'],
  identity: ['=name=Depot'],
  user: ['=name=runner', '=group=full'],
  group: ['=name=full', '=policy=local,ssh,ftp,read,write,policy,test,sensitive,api,!telnet'],
  clock: ['=date=2026-11-24', '=time=02:00:00', '=gmt-offset=+00:00'],
} as const satisfies Record<string, Row>;

type Said = Partial<Record<keyof typeof ordinary, Row | null>>;

const findingsOf = (said: Said = {}) =>
  scriptedRouter(
    async (client) => {
      await client.letIn();
      // Of a user who is not listed there is no group to ask for.
      const { group, ...others } = { ...ordinary, ...said };
      const { clock, ...before } = others;
      for (const row of [...Object.values(before), ...(before.user === null ? [] : [group]), clock]) {
        await client.answer(...(row === null ? [] : [['!re', ...row] as const]), ['!done']);
      }
    },
    async (router) => {
      const session = await connectRouter(router.address(), { connectTimeoutMillis: 5_000, loginTimeoutMillis: 5_000 });
      const found = new Findings(site, now);
      await new RouterQuestions(session, site, new Deadline(5_000), found, () => now).ask();
      await session.close();
      return { found: found.json(0), asked: router.asked.map(({ path }) => path) };
    },
  );

const codesOf = async (said: Said) => (await findingsOf(said)).found.problems.map(({ code }) => code);

describe('what a router is asked', () => {
  it('are prints alone', async () => {
    const { found, asked } = await findingsOf();
    expect(found.problems).toEqual([]);
    expect(asked).toEqual([
      '/login',
      '/system/resource/print',
      '/system/routerboard/print',
      '/system/identity/print',
      '/user/print',
      '/user/group/print',
      '/system/clock/print',
    ]);
    expect(found.rights?.policies).not.toContain('!telnet');
  });
});

describe('a clock', () => {
  it.each([
    ['2026-11-24', '04:00:00', '+02:00', '2026-11-24T02:00:00.000000Z', 0],
    ['nov/23/2026', '22:30:01', '-03:30', '2026-11-24T02:00:01.000000Z', 1],
    ['2026-11-24', '01:59:02', '+00:00', '2026-11-24T01:59:02.000000Z', -58],
    ['2026-11-24', '02:00:59', '+00:00', '2026-11-24T02:00:59.000000Z', 59],
  ])('of %s %s %s is near', async (date, time, offset, utc, seconds) => {
    const { found } = await findingsOf({ clock: [`=date=${date}`, `=time=${time}`, `=gmt-offset=${offset}`] });
    expect(found).toMatchObject({ clock: { time: utc, offset_seconds: seconds, near: true }, problems: [] });
  });

  it.each([
    ['behind', '01:59:00'],
    ['ahead', '02:01:00'],
  ])('a minute %s is off', async (word, time) => {
    const { found } = await findingsOf({ clock: ['=date=2026-11-24', `=time=${time}`, '=gmt-offset=+00:00'] });
    expect(found).toMatchObject({ clock: { near: false }, problems: [{ code: 'clock_off', message: expect.stringContaining(word) }] });
  });

  it.each<[string, Row | null]>([
    ['says nothing', null],
    ['has no date', ['=time=02:00:00', '=gmt-offset=+00:00']],
    ['has no offset', ['=date=2026-11-24', '=time=02:00:00']],
    ['speaks of yesterday', ['=date=yesterday', '=time=noon', '=gmt-offset=+00:00']],
  ])('that %s cannot be read', async (_, clock) => {
    expect(await codesOf({ clock })).toEqual(['router_unintelligible']);
  });
});

describe('a router', () => {
  it('without a version, a serial number, or a user of that name is told apart from one that has them', async () => {
    expect(await codesOf({ resource: null })).toEqual(['router_unintelligible']);
    expect(await codesOf({ routerboard: null })).toEqual(['wrong_device']);
    expect(await codesOf({ user: null })).toEqual(['rights_unknown']);
    expect(await codesOf({ group: null })).toEqual(['rights_unknown']);
  });

  it('that talks much is cut short', async () => {
    const long = 'x'.repeat(100_000);
    const { found } = await findingsOf({
      resource: [`=version=${long}`, `=board-name=${long}`],
      identity: [`=name=\u202E${long}`],
      group: ['=name=full', `=policy=${Array.from({ length: 500 }, (_, index) => `p${'a'.repeat(index % 30)}`).join(',')},${long}`],
    });
    expect(found.version?.text).toHaveLength(500);
    expect(found.identity?.name).toMatch(/^x+…$/);
    expect(found.rights?.policies).toHaveLength(64);
    expect(found.problems.map(({ message }) => message.length <= 500)).not.toContain(false);
  });
});
