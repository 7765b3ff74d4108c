import { connectRouter, type RouterAddress, type RouterSession } from '@scheduled-scripts/routeros';
import { selfSigned } from '@scheduled-scripts/routeros/testing';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { FaultsInput } from '../faults/fault-schema.js';
import type { RunningRouter } from '../fleet/running-router.js';
import { Fixture } from '../testing/fixture.js';

// The driver is node-routeros: a client that knows nothing of this simulator.
const fixture = new Fixture();
const sessions: RouterSession[] = [];
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  await fixture.end();
});

const enough = { connectTimeoutMillis: 10_000, loginTimeoutMillis: 10_000 };

const connect = async ({ description }: RunningRouter, more: Partial<RouterAddress> = {}): Promise<RouterSession> => {
  const { host, port, username, password } = description;
  const session = await connectRouter({ host, port, tls: { mode: 'none' }, username, password, ...more }, enough);
  sessions.push(session);
  return session;
};

describe('node-routeros against the simulator', () => {
  it.each(['7.19.4 (stable)', '7.12.1 (stable)', '6.49.18 (long-term)', '6.42.12 (long-term)'])('works with %s', async (version) => {
    const session = await connect(await fixture.router({ profile: { version } }));
    const { ret } = await session.command('/system/script/add', ['=name=ax-1', '=source=:put "ä"'], 10_000);
    expect(ret).toBe('*1');
    const { rows } = await session.command('/system/script/print', ['=.proplist=.id,source', '?name=ax-1'], 10_000);
    expect(rows).toEqual([{ '.id': '*1', source: ':put "ä"' }]);
    expect((await session.command('/system/script/print', ['?name=none'], 10_000)).rows).toEqual([]);
    await expect(session.command('/system/script/remove', ['=.id=none'], 10_000)).rejects.toMatchObject({
      code: 'router_refused',
      message: 'no such item',
    });
    expect((await session.command('/system/resource/print', [], 10_000)).rows[0]).toMatchObject({ version });
  });

  it('is refused with a wrong password', async () => {
    await expect(connect(await fixture.router(), { password: 'wrong' })).rejects.toMatchObject({ code: 'login_failed' });
  });

  it('reads answers byte by byte', async () => {
    const session = await connect(await fixture.router({ faults: { conditions: { chunkBytes: 1 } } }));
    expect((await session.command('/ip/firewall/filter/print', [], 10_000)).rows).toHaveLength(2);
  });

  it.each<[string, FaultsInput, string]>([
    ['cut', { rules: [{ at: { point: 'command', path: '*' }, effect: { kind: 'reset' } }] }, 'router_lost'],
    ['silent', { rules: [{ at: { point: 'command', path: '*' }, effect: { kind: 'silent' } }] }, 'router_timeout'],
    ['rubbish', { rules: [{ at: { point: 'command', path: '*' }, effect: { kind: 'rubbish' } }] }, 'router_lost'],
    ['half an answer', { rules: [{ at: { point: 'command', path: '*', when: 'during' }, effect: { kind: 'close' } }] }, 'router_lost'],
    ['goodbye', { rules: [{ at: { point: 'command', path: '*' }, effect: { kind: 'fatal' } }] }, 'router_lost'],
  ])('loses the session: %s', async (_what, faults, code) => {
    const session = await connect(await fixture.router({ faults }));
    await expect(session.command('/system/identity/print', [], 1_000)).rejects.toMatchObject({ code });
  });

  it('talks over TLS to a certificate that it knows', async () => {
    const { key, cert, sha256 } = selfSigned('127.0.0.1');
    const router = await fixture.router({ tls: { port: 0, files: { key, cert } } });
    const port = router.description.tlsPort ?? 0;
    const session = await connect(router, { port, tls: { mode: 'pin', sha256 } });
    expect((await session.command('/system/identity/print', [], 10_000)).rows).toEqual([{ name: router.description.identity }]);
    const other = sha256.replace(/./g, '0');
    await expect(connect(router, { port, tls: { mode: 'pin', sha256: other } })).rejects.toMatchObject({ code: 'tls_untrusted' });
  });
});
