import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { merge } from './merge.mjs';
import { render } from './render.mjs';

describe('a strategic merge', () => {
  it('goes into maps and keyed lists, replaces other lists, and takes away what is null', () => {
    const base = {
      a: 1,
      gone: 1,
      map: { b: 1 },
      env: [
        { name: 'X', value: '1' },
        { name: 'Y', value: '2' },
      ],
      args: ['old'],
    };
    const patch = {
      gone: null,
      map: { c: 2 },
      env: [
        { name: 'Y', value: '3' },
        { name: 'Z', value: '4' },
      ],
      args: ['new'],
    };
    expect(merge(base, patch)).toEqual({
      a: 1,
      map: { b: 1, c: 2 },
      env: [
        { name: 'X', value: '1' },
        { name: 'Y', value: '3' },
        { name: 'Z', value: '4' },
      ],
      args: ['new'],
    });
  });
});

describe('a kustomization', () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kustomize-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (files) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };

  it('names a generated ConfigMap after what is in it, and tells those that refer to it', () => {
    write({
      'kustomization.yaml': 'resources: [pod.yaml]\nconfigMapGenerator: [{ name: a, literals: [X=1] }]\n',
      'pod.yaml': 'kind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: c, envFrom: [{ configMapRef: { name: a } }] }] }\n',
    });
    const [pod, map] = render(folder);
    expect(map).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a-4f64tg9ch6' }, data: { X: '1' } });
    expect(pod.spec.containers[0].envFrom[0].configMapRef.name).toBe('a-4f64tg9ch6');
  });

  it.each([
    ['a field that is not understood', 'namePrefix: x-\n', 'not understood: namePrefix'],
    ['a patch that meets nothing', 'patches: [{ patch: "{kind: Pod, metadata: {name: none}}" }]\n', 'meets nothing'],
    ['a merge into nothing', 'configMapGenerator: [{ name: a, behavior: merge, literals: [X=1] }]\n', 'cannot merge'],
    ['a suffix of names that others use', 'resources: [one.yaml]\nnameSuffix: -1\n', 'a suffix for a ServiceAccount'],
    ['broken YAML', 'resources: [\n', 'Flow sequence'],
  ])('is refused with %s', (_what, text, reason) => {
    write({ 'kustomization.yaml': text, 'one.yaml': 'kind: ServiceAccount\nmetadata: { name: a }\n' });
    expect(() => render(folder)).toThrow(reason);
  });
});
