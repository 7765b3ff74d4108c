import { isIP } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultsInput } from '@scheduled-scripts/router-simulator';
import { createConnectRouter } from '@scheduled-scripts/routeros';
import { selfSigned } from '@scheduled-scripts/routeros/testing';
import { leftOn, runsOf } from '../testing/routers.js';
import { blacklist, organizationId, sha256 } from '../testing/executions.js';
import { Stage } from '../testing/stage.js';
import type { TestExecutor } from '../testing/test-executor.js';

const certificate = selfSigned('localhost');

/** What the driver was told to connect to. */
const dialled: string[] = [];

let stage: Stage;
let executor: TestExecutor;
beforeAll(async () => {
  stage = await Stage.set();
  const connect = createConnectRouter({ ca: [certificate.cert] });
  executor = await stage.startExecutor({
    connect: (address, options) => {
      dialled.push(address.host);
      return connect(address, options);
    },
  });
}, 30_000);
afterAll(async () => {
  await stage.strike();
  expect(executor.errors).toEqual([]);
}, 30_000);

describe('a script that ends well', () => {
  it.each(['7.22.1 (stable)', '7.19.4 (stable)', '7.12.1 (stable)', '6.49.18 (long-term)'])(
    'on %s has run once, as approved, and leaves nothing of ours',
    async (version) => {
      const { router, siteId } = await stage.site({ profile: { version } });
      const executionId = await stage.order(siteId);
      expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed', owner: executor.owner, backup: null });
      expect(await stage.executions.story(executionId)).toEqual(['requested', 'claimed', 'prepared', 'issued', 'completed']);
      expect(runsOf(router, executionId)).toEqual(['completed']);
      expect(router.journal()).toContainEqual(expect.objectContaining({ script: `ax-${executionId}`, sourceSha256: sha256(blacklist) }));
      expect(router.rows('/ip/firewall/filter').filter((rule) => rule['src-address-list'] === 'blacklist')).toHaveLength(1);
      expect(leftOn(router)).toEqual([]);
    },
    20_000,
  );

  // What is not known of real routers comes both ways.
  it.each<FaultsInput['conditions']>([
    { jobs: 'command' },
    { missingItems: 'ignored' },
    { detachedJobsDieWithSession: true },
    { fileDelayMillis: 0 },
  ])('where %j', async (conditions) => {
    const { router, siteId } = await stage.faulty({ conditions });
    const executionId = await stage.order(siteId, { script: `${blacklist}\n:delay 200ms`, makeBackup: true });
    expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
    expect(runsOf(router, executionId)).toEqual(['completed']);
    expect(leftOn(router)).toEqual([]);
  });

  it('may be long, of several lines, and in any language', async () => {
    const { router, siteId } = await stage.site();
    const lines = Array.from({ length: 900 }, (_, index) => `# žalias ${index} – 測試 "quoted" $variable [find] {braces}`);
    const script = [...lines, '/system identity set name="Rīga \\"west\\""'].join('\r\n');
    const executionId = await stage.order(siteId, { script });
    expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
    expect(router.rows('/system/identity')).toEqual([{ name: 'Rīga "west"' }]);
  });

  it('is told when it has ended, and says in its events what it follows from', async () => {
    const { siteId } = await stage.site();
    const executionId = await stage.order(siteId);
    await stage.ended(executionId);
    const [requested, ...others] = await stage.executions.events(executionId);
    for (const { metadata } of others) {
      expect(metadata).toMatchObject({
        organizationId,
        actor: 'service:device-executor',
        correlationId: requested?.metadata.correlationId,
        causationId: requested?.id,
      });
    }
    expect(executor.ends).toContainEqual({ outcome: 'completed' });
  });
});

describe('a script that stops', () => {
  const script = [
    '/system identity set name=changed',
    '/ip address add address=10.1.1.1/24 interface=none',
    '/system identity set name=never',
  ].join('\n');

  it('fails with the words of the router; the lines before are applied, and it says so', async () => {
    const { router, siteId } = await stage.site();
    const executionId = await stage.order(siteId, { script });
    expect((await stage.ended(executionId)).failure).toEqual({
      reason: 'script_error',
      message: 'input does not match any value of interface (/ip/address/add (interface); line 2) (the lines before it are applied)',
    });
    expect(router.rows('/system/identity')).toEqual([{ name: 'changed' }]);
    expect(runsOf(router, executionId)).toEqual(['error']);
    expect(leftOn(router)).toEqual([]);
  });

  it.each(['7.12.1 (stable)', '6.49.18 (long-term)'])('on %s fails without them', async (version) => {
    const { router, siteId } = await stage.site({ profile: { version } });
    const executionId = await stage.order(siteId, { script });
    expect((await stage.ended(executionId)).failure).toEqual({
      reason: 'script_error',
      message: 'the script stopped with an error (the lines before it are applied)',
    });
    expect(router.rows('/system/identity')).toEqual([{ name: 'changed' }]);
  });

  it('fails also where the router’s words do not fit into a comment', async () => {
    const contains = ':err:failure';
    const rules = [
      { at: { point: 'command', path: '/system/script/set', contains }, effect: { kind: 'trap', message: 'too long' } },
    ] as const;
    const { siteId } = await stage.site({ faults: { rules: [...rules] } });
    const executionId = await stage.order(siteId, { script: ':error "failure"' });
    expect((await stage.ended(executionId)).failure).toEqual({
      reason: 'script_error',
      message: 'the script stopped with an error (the lines before it are applied)',
    });
  });
});

describe('a script that the router does not understand', () => {
  it.each([
    ['/system identity set name=changed\n:put "a" "b"', 'expected end of command (line 2 column 10)'],
    ['/system identity set name=changed\n:put (1 + )', 'syntax error (line 2 column 11)'],
    ['/system identity set name=changed\n/zzz print', 'bad command name zzz (line 2 column 2)'],
    ['/system identity set name=changed\n/ip address add no-such=1', 'bad parameter no-such (line 2 column 24)'],
  ])('is not run: %j', async (script, message) => {
    const { router, siteId } = await stage.site();
    const executionId = await stage.order(siteId, { script });
    expect((await stage.ended(executionId)).failure).toEqual({ reason: 'syntax_error', message });
    expect(await stage.executions.story(executionId)).toEqual(['requested', 'claimed', 'failed']);
    expect(router.rows('/system/identity')).toEqual([{ name: router.description.identity }]);
    expect(leftOn(router)).toEqual([]);
  });

  it('is run where it guards what the router lacks', async () => {
    const { siteId } = await stage.site();
    const executionId = await stage.order(siteId, { script: ':do { /zzz print } on-error={ :put "no zzz here (line 1 column 1)" }' });
    expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
  });
});

const failureOf = async (siteId: string) => {
  const executionId = await stage.order(siteId);
  const { failure } = await stage.ended(executionId);
  expect(await stage.executions.story(executionId)).toEqual(['requested', 'claimed', 'failed']);
  return failure;
};

describe('who answers', () => {
  const tls = { port: 0, files: certificate };

  it('with another password in mind is not asked for hours', async () => {
    const { siteId } = await stage.site({}, { password: 'wrong' });
    expect(await failureOf(siteId)).toMatchObject({ reason: 'login_failed' });
  });

  it('with another certificate than the pinned one is not told the password', async () => {
    const router = await stage.router({ tls });
    const port = router.description.tlsPort ?? 0;
    const good = await stage.register(router, { tls: 'pin', port, tlsFingerprint: certificate.sha256 });
    expect(await stage.ended(await stage.order(good))).toMatchObject({ phase: 'completed' });
    const bad = await stage.register(router, { tls: 'pin', port, tlsFingerprint: sha256('another'), serial: null });
    expect(await failureOf(bad)).toEqual({ reason: 'tls_untrusted', message: expect.stringContaining(certificate.sha256) });
  });

  it('must show a certificate for the site’s name, although the session goes to the address that was judged', async () => {
    const router = await stage.router({ tls });
    const port = router.description.tlsPort ?? 0;
    const named = await stage.register(router, { tls: 'verify', port, host: 'localhost' });
    expect(await stage.ended(await stage.order(named))).toMatchObject({ phase: 'completed' });
    expect(dialled.filter((host) => isIP(host) === 0)).toEqual([]);
    const other = await stage.register(router, { tls: 'verify', port, host: '127.0.0.1', serial: null });
    expect(await failureOf(other)).toMatchObject({ reason: 'tls_untrusted' });
  });

  it('with another serial number is the wrong device', async () => {
    const { router, siteId } = await stage.site({}, { serial: 'HC0-ELSEWHERE' });
    expect(await failureOf(siteId)).toEqual({
      reason: 'wrong_device',
      message: `the router with serial number ${router.description.serial} answers there`,
    });
    expect(router.journal().filter(({ kind }) => kind === 'script-started')).toEqual([]);
  });

  it('for a site that has been removed is nobody', async () => {
    const { siteId } = await stage.site();
    await stage.directory.remove(organizationId, siteId, { useOf: async () => 'over' });
    expect(await failureOf(siteId)).toEqual({ reason: 'site_removed', message: null });
  });
});

describe('what is wrong on our side', () => {
  it('a text that is not the approved one is not run', async () => {
    const { router, siteId } = await stage.site();
    const executionId = await stage.order(siteId, { scriptSha256: sha256('what was approved') });
    expect((await stage.ended(executionId)).failure).toMatchObject({
      reason: 'not_started',
      message: expect.stringContaining('holds no text with the hash that was ordered'),
    });
    expect(router.journal().filter(({ kind }) => kind === 'script-started')).toEqual([]);
    expect(leftOn(router)).toEqual([]);
  });

  it('a password that no key opens is waited for, loudly, until the window closes', async () => {
    const { siteId } = await stage.site();
    await stage.database.query(`UPDATE site_directory.sites SET password_key_id = 'k0' WHERE id = $1`, [siteId]);
    const executionId = await stage.order(siteId, { windowMillis: 5_000 });
    expect((await stage.ended(executionId)).failure).toMatchObject({ reason: 'unreachable', message: expect.stringContaining('keys') });
    expect(executor.unreadable.filter((unreadable) => unreadable === siteId).length).toBeGreaterThan(1);
  });
});
