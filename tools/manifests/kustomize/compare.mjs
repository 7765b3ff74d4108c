// Holds our rendering against that of kubectl: `node tools/manifests/kustomize/compare.mjs`. Needs kubectl, and no cluster.
import { spawnSync } from 'node:child_process';
import { deepStrictEqual } from 'node:assert/strict';
import { resolve } from 'node:path';
import { readYaml } from '../read-yaml.mjs';
import { render } from './render.mjs';

/** Neither the order of resources nor that of a keyed list's items means anything. */
const inOrder = (value) => {
  if (Array.isArray(value)) return value.map(inOrder).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, content]) => [name, inOrder(content)]),
  );
};

for (const overlay of ['dev', 'production']) {
  const folder = resolve(import.meta.dirname, '../../../k8s/overlays', overlay);
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`kubectl kustomize ${folder}: ${stderr}`);
  const theirs = readYaml(stdout);
  deepStrictEqual(inOrder(JSON.parse(JSON.stringify(render(folder)))), inOrder(theirs));
  process.stderr.write(`ok  ${overlay}: ${theirs.length} resources, the same as kubectl's\n`);
}
