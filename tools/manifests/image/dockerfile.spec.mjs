import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { contextFilter } from './assemble.mjs';
import { readRecipe, settingsOf } from './recipe.mjs';

const root = resolve(import.meta.dirname, '../../..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const stages = readRecipe(read('docker/Dockerfile'));
const { version } = JSON.parse(read('package.json'));

describe('the Dockerfile', () => {
  it.each(['services', 'simulator'])('%s: runs Node as process 1, in production, as a user who owns nothing', (target) => {
    const { env, entrypoint, user, labels } = settingsOf(stages, target);
    expect([env.NODE_ENV, entrypoint, user]).toEqual(['production', ['node', '--max-semi-space-size=32'], '1000:1000']);
    expect(labels).toMatchObject({ 'org.opencontainers.image.version': version, 'org.opencontainers.image.title': 'scheduled-scripts' });
  });

  it('builds on the Node of .nvmrc, by a tag of a plain name', () => {
    const bases = new Set(stages.map(({ from }) => from).filter((from) => !stages.some(({ name }) => name === from)));
    expect([...bases]).toEqual([`node:${read('.nvmrc').trim()}-bookworm-slim`]);
  });

  it('installs exactly the lock, and lets no package run anything', () => {
    const installs = stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ verb, rest }) => verb === 'RUN' && rest.startsWith('npm'));
    expect(installs.map(({ rest }) => rest)).toEqual(['npm ci --ignore-scripts', 'npm ci --ignore-scripts --omit=dev --omit=optional']);
  });

  it('changes nothing any more once it is somebody else', () => {
    for (const { instructions } of stages) {
      const verbs = instructions.map(({ verb }) => verb);
      expect(verbs.includes('USER') && verbs.lastIndexOf('RUN') > verbs.indexOf('USER')).toBe(false);
    }
  });

  it('is sent nothing but what it copies', () => {
    const isSent = contextFilter(read('docker/Dockerfile.dockerignore'), root);
    const sent = (path) => isSent(join(root, path));
    const copied = stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ verb, rest }) => verb === 'COPY' && !rest.startsWith('--from'));
    expect(copied.flatMap(({ rest }) => rest.split(' ').slice(0, -1)).filter((path) => !sent(path))).toEqual([]);
    expect(
      ['.git/config', '.data/connection.json', 'node_modules/pg/x', 'apps/launcher/dist/main.js', 'docker/secrets/x'].filter(sent),
    ).toEqual([]);
  });
});
