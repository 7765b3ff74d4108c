import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const claimed = 'libs/contracts/schemas/site-execution.claimed.v1.json';
const published = 'libs/contracts/schemas/published/site-execution.claimed.v1';
let copy;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'scheduled-scripts-contracts-'));
  const promised = [
    'libs/contracts/schemas',
    'libs/contracts/src/messages/golden',
    'docs/asyncapi.json',
    'docs/openapi.json',
    'docs/openapi',
  ];
  const generated = ['libs/client/src/generated', 'tools/client'];
  for (const path of ['tools/contracts.mjs', ...generated, '.prettierrc.json', 'package.json', ...promised]) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});

afterEach(() => rmSync(copy, { recursive: true, force: true }));

const contracts = (...options) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, 'tools/contracts.mjs'), ...options], { encoding: 'utf8' });
  return { status, stdout, stderr };
};
const change = (path, edit) => {
  const content = JSON.parse(readFileSync(join(copy, path), 'utf8'));
  edit(content);
  writeFileSync(join(copy, path), JSON.stringify(content));
};

it('has nothing to say of what is committed', () => {
  expect(contracts('--check')).toEqual({ status: 0, stdout: '', stderr: '' });
});

it('finds what is outdated, and writes it as it is committed', () => {
  unlinkSync(join(copy, claimed));
  writeFileSync(join(copy, 'libs/contracts/schemas/stray.json'), '{}');
  const found = contracts('--check');
  expect(found.status).toBe(1);
  expect(found.stdout).toContain(`differs from the code: ${claimed}\n`);
  expect(found.stderr).toBe('run: npm run build && npm run contracts\n');
  expect(existsSync(join(copy, claimed))).toBe(false);
  expect(contracts().status).toBe(0);
  expect(readFileSync(join(copy, claimed), 'utf8')).toBe(readFileSync(join(root, claimed), 'utf8'));
  expect(contracts('--check')).toEqual({ status: 0, stdout: '', stderr: '' });
});

it('finds an OpenAPI document or a generated client that was changed by hand, and writes it as it is committed', () => {
  const [document, api] = ['docs/openapi/query-api.json', 'libs/client/src/generated/api.ts'];
  change(document, (content) => (content.info.title = 'Mine'));
  unlinkSync(join(copy, api));
  const found = contracts('--check');
  expect([found.status, found.stdout]).toEqual([1, `differs from the code: ${document}\ndiffers from the code: ${api}\n`]);
  expect(contracts().status).toBe(0);
  for (const path of [document, api]) expect(readFileSync(join(copy, path), 'utf8')).toBe(readFileSync(join(root, path), 'utf8'));
});

it('adds the shape that the code has gained, and leaves the one before it alone', () => {
  const shapes = 'libs/contracts/schemas/published/headers';
  change(`${shapes}/1.json`, ({ properties }) => delete properties.traceparent);
  const before = readFileSync(join(copy, shapes, '1.json'), 'utf8');
  expect(contracts()).toEqual({ status: 0, stdout: `written: ${shapes}/2.json\n`, stderr: '' });
  expect(readFileSync(join(copy, shapes, '1.json'), 'utf8')).toBe(before);
  expect(readFileSync(join(copy, shapes, '2.json'), 'utf8')).toContain('traceparent');
});

it('refuses to break what was published, and writes nothing', () => {
  change(`${published}/1.json`, ({ properties }) => (properties.lease = { type: 'integer' }));
  unlinkSync(join(copy, claimed));
  const broken = 'site-execution.claimed.v1: data.lease was removed or renamed. Publish site-execution.claimed.v2 instead\n';
  expect(contracts()).toEqual({ status: 1, stdout: '', stderr: broken });
  expect(existsSync(join(copy, claimed))).toBe(false);
});

it('misses a shape that somebody took away', () => {
  cpSync(join(copy, published, '1.json'), join(copy, published, '2.json'));
  unlinkSync(join(copy, published, '1.json'));
  const { status, stderr } = contracts();
  expect([status, stderr]).toEqual([1, expect.stringContaining('should hold 1.json: what was published stays')]);
});
