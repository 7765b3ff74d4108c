import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { selfSigned } from '@scheduled-scripts/routeros/testing';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../testing/api-client.js';
import { eventually, Fixture } from '../testing/fixture.js';
import { startFleet, type Fleet, type FleetOptions } from './fleet.js';
import { FolderInUse } from './folder-claim.js';

const fixture = new Fixture();
const fleets: Fleet[] = [];
afterAll(async () => {
  await Promise.all(fleets.map((fleet) => fleet.stop()));
  await fixture.end();
});

const start = async (options: Partial<FleetOptions> & { readonly directory: string }): Promise<Fleet> => {
  const fleet = await startFleet({ fsync: false, ...options });
  fleets.push(fleet);
  return fleet;
};

describe('a fleet', () => {
  it('is found again with the same routers at the same ports, and grows', async () => {
    const directory = fixture.folder();
    const first = await start({ directory, routers: 2 });
    const file = path.join(directory, 'routers.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(first.description);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [router] = first.description.routers;
    const client = await ApiClient.logIn(router ?? { port: 0, username: '', password: '' });
    await client.ret('/system/identity/set', '=name=renamed');
    client.close();
    await first.stop();

    const again = await start({ directory, routers: 3 });
    expect(again.description.routers.slice(0, 2)).toEqual(first.description.routers);
    expect(again.description.control.token).toBe(first.description.control.token);
    expect(again.routers[0]?.rows('/system/identity')).toEqual([{ name: 'renamed' }]);
    expect(new Set(again.description.routers.map((each) => each.serial)).size).toBe(3);
    await again.stop();
    expect((await start({ directory, routers: 1 })).routers).toHaveLength(1);
  });

  it('gives routers a port for TLS when it gets a certificate', async () => {
    const directory = fixture.folder();
    await (await start({ directory, routers: 1 })).stop();
    const fleet = await start({ directory, routers: 2, tls: selfSigned('127.0.0.1') });
    const ports = fleet.description.routers.flatMap((router) => [router.port, router.tlsPort]);
    expect(new Set(ports.filter((port) => port !== null)).size).toBe(4);
  });

  it('runs once per folder, and takes over from a process that was killed', async () => {
    const directory = fixture.folder();
    const fleet = await start({ directory, routers: 1 });
    await expect(startFleet({ directory, routers: 2 })).rejects.toBeInstanceOf(FolderInUse);
    expect(fleet.description.routers).toHaveLength(1);
    await fleet.stop();
    const dead = { pid: process.pid, instance: 'dead', url: fleet.description.control.url };
    writeFileSync(path.join(directory, 'simulator.pid'), JSON.stringify(dead));
    const next = await start({ directory });
    writeFileSync(path.join(directory, 'simulator.pid'), JSON.stringify({ ...dead, url: next.description.control.url }));
    await next.stop();
    await (await start({ directory })).stop();
  });

  it('lets one of many that start at once win', async () => {
    const directory = fixture.folder();
    const starts = await Promise.allSettled(Array.from({ length: 4 }, () => start({ directory, routers: 1 })));
    expect(starts.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
  });

  it('shows a router that refuses and one that fails its scripts', async () => {
    const fleet = await start({ directory: fixture.folder(), routers: 12, faulty: true });
    const { routers } = fleet.description;
    const logIn = (name: string): Promise<ApiClient> =>
      ApiClient.logIn(routers.find((each) => each.name === name) ?? { port: 0, username: '', password: '' });
    await eventually(() =>
      logIn('router-11').then(
        () => null,
        (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
      ),
    );
    const script = '=script=/ip firewall filter add action=drop chain=input src-address-list=blacklist';
    const good = await logIn('router-10');
    expect(await good.ret('/execute', script, '=as-string=')).toBe('');
    const bad = await logIn('router-12');
    expect(await bad.ret('/execute', script, '=as-string=')).toMatch(/^failure: /);
    good.close();
    bad.close();
  });
});

describe('the control listener', () => {
  it('answers only to its token', async () => {
    const { control } = (await start({ directory: fixture.folder(), routers: 1 })).description;
    expect((await fetch(`${control.url}/routers`)).status).toBe(401);
    expect((await fetch(`${control.url}/routers`, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  });

  it('lists routers, shows journal and rows, sets faults, cuts the power', async () => {
    const fleet = await start({ directory: fixture.folder(), routers: 2 });
    const { control, routers } = fleet.description;
    const ask = async (method: string, where: string, body?: unknown): Promise<{ status: number; answer: unknown }> => {
      const response = await fetch(`${control.url}/routers${where}`, {
        method,
        headers: { authorization: `Bearer ${control.token}` },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, answer: await response.json() };
    };
    expect(await ask('GET', '')).toEqual({ status: 200, answer: { routers } });
    expect(await ask('GET', '/router-02')).toEqual({ status: 200, answer: routers[1] });
    expect((await ask('GET', '/router-03')).status).toBe(404);
    expect((await ask('GET', '/router-01/rows?menu=/system/identity')).answer).toEqual({ rows: [{ name: 'router-01' }] });
    expect((await ask('PUT', '/router-01/faults', { conditions: { refuse: 'perhaps' } })).status).toBe(400);
    expect((await ask('PUT', '/router-01/faults', { conditions: { serial: 'X' } })).answer).toMatchObject({ conditions: { serial: 'X' } });
    expect((await ask('DELETE', '/router-01/faults')).answer).toMatchObject({ conditions: { serial: null }, rules: [] });
    await ask('POST', '/router-01/power-loss', { loseMillis: 0 });
    await ask('POST', '/router-01/reboot');
    const { answer } = await ask('GET', '/router-01/journal');
    expect(answer).toMatchObject({ journal: [{ kind: 'booted' }, { kind: 'power-lost' }, { kind: 'booted' }, { kind: 'booted' }] });
  });
});
