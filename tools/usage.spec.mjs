import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from './prepare.mjs';

/** As good as a fresh clone: nothing can be installed or compiled there. And it has data of its own to lose. */
const clone = mkdtempSync(join(tmpdir(), 'usage-'));
const kept = join(clone, '.data', 'kept');

beforeAll(() => {
  for (const name of ['prepare.mjs', 'usage.mjs', 'start.mjs', 'start-cluster.mjs', 'reset.mjs']) {
    cpSync(join(root, 'tools', name), join(clone, 'tools', name));
  }
  cpSync(join(root, 'apps/dev-stack/usage'), join(clone, 'apps/dev-stack/usage'), { recursive: true });
  mkdirSync(join(clone, '.data'));
  writeFileSync(kept, '');
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

const run = (program, ...args) => spawnSync(process.execPath, [join(clone, 'tools', program), ...args], { encoding: 'utf8' });

describe('before anything is installed', () => {
  it.each([
    ['start.mjs', 'Usage: npm start [-- options]\n'],
    ['start-cluster.mjs', 'Usage: npm run start:cluster [-- options]\n'],
    ['reset.mjs', 'Usage: npm run reset\n'],
  ])('%s says how it is used when asked, and does nothing else', (program, usage) => {
    for (const flag of ['--help', '-h']) {
      const { status, stdout, stderr } = run(program, flag);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout.startsWith(usage)).toBe(true);
    }
    expect(existsSync(kept)).toBe(true);
  });

  it.each([['--hlep'], ['--data=elsewhere'], ['stray']])('reset.mjs refuses %s, and forgets nothing', (argument) => {
    const { status, stdout, stderr } = run('reset.mjs', argument);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(argument.split('=')[0]);
    expect(stderr).toContain('Usage: npm run reset');
    expect(existsSync(kept)).toBe(true);
  });
});
