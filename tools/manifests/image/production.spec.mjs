import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { serviceNames } from '../services.mjs';
import { readRecipe, settingsOf } from './recipe.mjs';
import { startProgram } from './start-program.mjs';

jest.setTimeout(120_000);

const root = resolve(import.meta.dirname, '../../..');
const settings = settingsOf(readRecipe(readFileSync(join(root, 'docker/Dockerfile'), 'utf8')), 'services');
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

/** Paths of what `npm ci --omit=dev --omit=optional` installs. */
const installed = Object.entries(packages)
  .filter(([path, entry]) => path.startsWith('node_modules/') && !entry.link && !entry.dev && !entry.devOptional && !entry.optional)
  .map(([path]) => path);

/** The short form of check.mjs: links to what is built and installed here, but only to what an image would hold. */
describe('with the packages of production alone', () => {
  let folder;
  const link = (path) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(root, path), join(folder, path));
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'scheduled-scripts-production-'));
    // What lies in a package's own folder comes with it.
    for (const path of installed.filter((one) => one.lastIndexOf('node_modules/') === 0)) link(path);
    mkdirSync(join(folder, 'node_modules/@scheduled-scripts'));
    for (const name of readdirSync(join(root, 'libs')))
      symlinkSync(join(root, 'libs', name), join(folder, 'node_modules/@scheduled-scripts', name));
    for (const name of serviceNames) link(`apps/${name}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(serviceNames)('%s can be started', (name) => {
    // Else Node would look for packages where a link leads to, and there is everything.
    const entrypoint = [...settings.entrypoint, '--preserve-symlinks', '--preserve-symlinks-main'];
    const program = `apps/${name}/dist/main.js`;
    const { ok, said } = startProgram({ folder, program, settings: { ...settings, entrypoint, user: undefined } });
    expect([ok, said.split(':')[0]]).toEqual([true, name]);
  });

  it('nothing else can be reached', () => {
    const program = join('node_modules', 'typescript', 'bin', 'tsc');
    expect(startProgram({ folder, program, settings: { ...settings, user: undefined } }).ok).toBe(false);
  });
});
