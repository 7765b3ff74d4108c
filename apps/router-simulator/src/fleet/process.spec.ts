import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readJournal } from '../router/journal.js';
import { ApiClient } from '../testing/api-client.js';
import { eventually, Fixture } from '../testing/fixture.js';
import type { FleetDescription } from './fleet.js';

const main = path.resolve(import.meta.dirname, '../../dist/main.js');
const fixture = new Fixture();
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await fixture.end();
});

const run = (...args: string[]): ChildProcess => {
  if (!existsSync(main)) throw new Error('the simulator is not built: run `npm run build`');
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
};

const readyLine = async (child: ChildProcess): Promise<{ adopted: boolean; file: string; pid: number }> => {
  if (!child.stdout) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout }))
    return JSON.parse(line) as { adopted: boolean; file: string; pid: number };
  throw new Error('never ready');
};

const firstRouter = (file: string) => {
  const [router] = (JSON.parse(readFileSync(file, 'utf8')) as FleetDescription).routers;
  if (!router) throw new Error('no routers');
  return router;
};

describe('the simulator as a process', () => {
  it('loses nothing that was written when it is killed; its routers come back rebooted', async () => {
    const state = fixture.folder();
    const child = run('--state', state, '--routers', '1');
    const { file } = await readyLine(child);
    const router = firstRouter(file);
    const client = await ApiClient.logIn(router);
    await client.ret('/system/script/add', '=name=ax-1', '=source=/system identity set name=written\n:delay 1h');
    await client.ret('/execute', '=script=/system script run ax-1');
    await eventually(async () => (await client.rows('/system/identity/print'))[0]?.['name'] === 'written');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const second = run('--state', state);
    await readyLine(second);
    expect(firstRouter(file)).toEqual(router);
    const later = await ApiClient.logIn(router);
    expect(await later.rows('/system/identity/print')).toEqual([{ name: 'written' }]);
    expect(await later.rows('/system/script/job/print', '?type=command')).toEqual([]);
    expect(await later.rows('/system/script/print', '=.proplist=name,run-count')).toEqual([{ name: 'ax-1', 'run-count': '0' }]);
    const journal = readJournal(path.join(state, 'routers', router.name, 'journal.jsonl'));
    expect(journal.map((entry) => entry.kind)).toEqual(['booted', 'script-started', 'booted']);

    second.kill('SIGTERM');
    expect(await once(second, 'exit')).toEqual([0, null]);
    expect(existsSync(file)).toBe(false);
  });

  it('refuses a folder that is in use, or adopts who runs it', async () => {
    const state = fixture.folder();
    const child = run('--state', state, '--routers', '1');
    await readyLine(child);
    const refused = run('--state', state);
    expect(await once(refused, 'exit')).toEqual([3, null]);
    const adopting = run('--state', state, '--adopt');
    expect(await readyLine(adopting)).toMatchObject({ adopted: true, pid: child.pid });
  });

  it('explains itself, and what it does not understand', async () => {
    expect(await once(run('--help'), 'exit')).toEqual([0, null]);
    expect(await once(run(), 'exit')).toEqual([1, null]);
    expect(await once(run('--state', fixture.folder(), '--routers', 'many'), 'exit')).toEqual([1, null]);
    expect(await once(run('--state', fixture.folder(), '--versions', 'new'), 'exit')).toEqual([1, null]);
  });
});
