import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { clientsOf } from '../job/clients.js';
import { withoutCountdown } from '../chaos/facts.js';
import { alive, familyOf, gone, listeningAddressesOf } from '../chaos/processes.js';
import { StackProcess } from '../chaos/stack-process.js';
import type { Connection } from '../stack/connection.js';
import type { ProcessProof } from '../stack/process-proof.js';
import { newDataFolder } from './data-folder.js';

jest.setTimeout(120_000);

const dataFolder = newDataFolder();
const data = dataFolder.path;
/** As the kernel writes 127.0.0.1, and the same inside of IPv6. */
const loopback = ['0100007F', '0000000000000000FFFF00000100007F', '00000000000000000000000001000000'];

const listOf = async (connection: Connection) => (await clientsOf(connection).viewer.listScheduledScripts()).data.map(withoutCountdown);

describe('a stack that stays up', () => {
  let stack: StackProcess;
  let connection: Connection;
  let family: readonly ProcessProof[];

  beforeAll(async () => {
    stack = new StackProcess(data);
    connection = await stack.untilAnnounced();
    family = familyOf(stack.pid);
  });
  afterAll(async () => {
    await stack.kill('SIGTERM');
    await dataFolder.remove();
  });

  it('says where everything is, to its owner alone', async () => {
    expect(statSync(stack.connectionFile).mode & 0o777).toBe(0o600);
    const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);
    const router = { siteId: expect.stringMatching(/^site_[0-9A-Za-z]{16,32}$/), host: '127.0.0.1', port: expect.any(Number) };
    const token = expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(JSON.parse(readFileSync(stack.connectionFile, 'utf8'))).toEqual({
      baseUrl: url,
      commandApiUrl: url,
      queryApiUrl: url,
      issuerUrl: url,
      postgresUrl: expect.stringMatching(/^postgres:\/\/postgres:[^@]+@127\.0\.0\.1:\d+\/postgres$/),
      tokens: { author: token, approver: token, viewer: token, otherOrganization: token },
      routers: Array.from({ length: 12 }, () => router),
    });
    const lives = Object.values(connection.tokens).map((one) => Number(decodeJwt(one).exp) - Number(decodeJwt(one).iat));
    expect(lives).toEqual([86_400, 86_400, 86_400, 86_400]);
  });

  it('listens on the loopback address alone', () => {
    const addresses = listeningAddressesOf(family);
    // Gateway, issuer, seven services; Postgres; eleven routers that answer, and what controls them.
    expect(addresses.length).toBeGreaterThanOrEqual(22);
    expect(addresses.filter((address) => !loopback.includes(address))).toEqual([]);
  });

  it('serves reads and writes at one address', async () => {
    const { author, viewer } = clientsOf(connection);
    const sites = connection.routers.slice(0, 1).map(({ siteId }) => siteId);
    const body = { description: 'Later', script: ':put 1', launch_at: '2090-01-01T00:00:00Z', sites };
    const { data: created, version } = await author.createScheduledScript({ body });
    const { id } = created;
    const { data: shown } = await viewer.getScheduledScript({ id, minVersion: version ?? 0 });
    expect(shown).toEqual({ ...created, t_minus: expect.any(String) });
    await author.cancelScheduledScript({ id });
    expect((await viewer.getScheduledScript({ id, minVersion: 2 })).data).toMatchObject({ status: 'cancelled' });
  });

  it('is not disturbed by a second start on its data, which is refused', async () => {
    const second = new StackProcess(data);
    expect(await second.untilEnded()).toBe(1);
    expect(second.progress).toBe(`! process ${stack.pid} runs on ${data} already: stop it first, or name another folder with --data\n`);
    expect(existsSync(stack.connectionFile)).toBe(true);
    expect(alive(family.slice(0, 1))).toHaveLength(1);
  });

  it('ends at once and whole on Ctrl-C, in the middle of the main job, and goes on at the next start', async () => {
    await stack.untilSaid('launched');
    const before = await listOf(connection);
    family = familyOf(stack.pid);
    expect(await stack.kill('SIGINT')).toBe(130);
    expect(stack.progress).not.toContain('everything stays up');
    await gone(family);
    expect(existsSync(stack.connectionFile)).toBe(false);

    stack = new StackProcess(data);
    const again = await stack.untilAnnounced();
    expect(again.routers).toEqual(connection.routers);
    // With the tokens and at the address of the run before.
    expect(await listOf(connection)).toEqual(expect.arrayContaining(before.map(({ id }) => expect.objectContaining({ id }))));
    connection = again;
    await stack.untilDone();
    const after = await listOf(connection);
    expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
  });

  it('that was killed has its routers adopted and its Postgres ended by the next start, which begins without the old file', async () => {
    family = familyOf(stack.pid);
    await stack.kill('SIGKILL');
    const orphans = family.filter(({ pid }) => pid !== stack.pid);
    expect(alive(orphans)).toEqual(
      expect.arrayContaining([expect.stringContaining('router-simulator'), expect.stringContaining('postgres')]),
    );
    const old = readFileSync(stack.connectionFile, 'utf8');

    stack = new StackProcess(data);
    await stack.untilSaid('12 simulated routers were still alive: adopted');
    connection = await stack.untilAnnounced();
    expect(readFileSync(stack.connectionFile, 'utf8')).not.toBe(old);
    expect(alive(orphans)).toEqual([expect.stringContaining('router-simulator')]);
    expect(await stack.kill('SIGTERM')).toBe(143);
    await gone(orphans);
    expect(['connection.json', 'stack.pid'].filter((name) => existsSync(join(data, name)))).toEqual([]);
  });
});
