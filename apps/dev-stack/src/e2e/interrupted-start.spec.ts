import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { familyOf, gone } from '../chaos/processes.js';
import { StackProcess } from '../chaos/stack-process.js';
import { reset } from '../reset.js';
import type { ProcessProof } from '../stack/process-proof.js';
import { newDataFolder } from './data-folder.js';

jest.setTimeout(120_000);

const dataFolder = newDataFolder();
const data = dataFolder.path;
let left: ProcessProof[] = [];

afterEach(() => {
  left = [];
});
afterAll(() => dataFolder.remove());

/** Starts, and sends a signal as soon as that much has been said. */
const interrupt = async (said: string, signal: 'SIGINT' | 'SIGKILL'): Promise<number | NodeJS.Signals | null> => {
  const stack = new StackProcess(data);
  await stack.untilSaid(said);
  left.push(...familyOf(stack.pid));
  return stack.kill(signal);
};

const filesOfARun = (): readonly string[] => ['connection.json', 'stack.pid'].filter((name) => existsSync(join(data, name)));

describe('a start that is interrupted', () => {
  it.each([
    ['simulated routers', 'Postgres is up'],
    ['tokens are issued', 'tokens are issued'],
    ['all services are ready', 'sites are registered'],
  ])('by a kill after "%s", and the next by Ctrl-C after "%s", leaves nothing behind', async (killedAfter, stoppedAfter) => {
    expect(await interrupt(killedAfter, 'SIGKILL')).toBe('SIGKILL');
    expect(await interrupt(stoppedAfter, 'SIGINT')).toBe(130);
    await gone(left);
    expect(filesOfARun()).toEqual([]);
  });
});

describe('forgetting everything', () => {
  it('ends what a killed start has left, and is refused while one runs', async () => {
    expect(await interrupt('all services are ready', 'SIGKILL')).toBe('SIGKILL');
    await reset(data);
    await gone(left);
    expect(existsSync(data)).toBe(false);

    const stack = new StackProcess(data);
    await stack.untilSaid('Postgres is up');
    await expect(reset(data)).rejects.toThrow(`process ${stack.pid} runs on ${data} already`);
    expect(await stack.kill('SIGINT')).toBe(130);
  });
});

describe('a start that fails', () => {
  it('says why and leaves nothing behind', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const stack = new StackProcess(data, ['--port', String(port)]);
    await stack.untilSaid('Postgres is up');
    const family = familyOf(stack.pid);
    expect(await stack.untilEnded()).toBe(1);
    expect(stack.progress).toContain(`! listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`);
    await gone(family);
    expect(filesOfARun()).toEqual([]);
    taken.close();
  });

  it('because this is production has started nothing', async () => {
    const stack = new StackProcess(data, [], { NODE_ENV: 'production' });
    expect(await stack.untilEnded()).toBe(1);
    expect(stack.progress.split('\n')[0]).toBe('! The embedded issuer does not start with NODE_ENV=production.');
    expect(filesOfARun()).toEqual([]);
  });

  it('of two at the same instant is one of them, and the other has the folder', async () => {
    const both = [new StackProcess(data), new StackProcess(data)] as const;
    const refused = await Promise.race(both.map(async (stack) => ({ stack, code: await stack.untilEnded() })));
    expect(refused.code).toBe(1);
    expect(refused.stack.progress).toMatch(/^! process \d+ runs on .* already: /);
    const other = both[0] === refused.stack ? both[1] : both[0];
    await other.untilAnnounced();
    expect(await other.kill('SIGTERM')).toBe(143);
    expect(filesOfARun()).toEqual([]);
  });

  it.each([
    [['--rooter', 'a'], "Unknown option '--rooter'"],
    [['--router', '192.0.2.1'], '--router needs --user'],
    [['--port', '70000'], '--port: 70000 is not a port'],
  ])('because of %j says how it is used', async (args, why) => {
    const stack = new StackProcess(data, args);
    expect(await stack.untilEnded()).toBe(2);
    expect(stack.progress).toContain(why);
    expect(stack.progress).toContain('Usage: npm start');
    expect(stack.result).toBe('');
  });

  it('without a password for the routers asks for one, and nowhere but at a terminal', async () => {
    const stack = new StackProcess(data, ['--router', '192.0.2.1', '--user', 'ops']);
    expect(await stack.untilEnded()).toBe(1);
    expect(stack.progress).toBe('! --router: set ROUTER_PASSWORD, there is no terminal to ask at\n');
  });
});
