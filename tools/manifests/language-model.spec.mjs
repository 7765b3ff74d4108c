import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { render } from './kustomize/render.mjs';
import { laxities } from './restricted.mjs';
import { kubernetesMistakes } from './schemas/schemas.mjs';
import { definitionOf, readAsService } from './services.mjs';

const root = resolve(import.meta.dirname, '../..');
const production = render(resolve(root, 'k8s/overlays/production'));
const find = (resources, kind, name) => resources.find((one) => one.kind === kind && one.metadata.name === name);
const policyName = 'to-language-model';

/** What one more overlay would be, which names the component. */
describe('a cluster in which a language model writes', () => {
  let folder;
  let cluster;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'with-language-model-'));
    const to = (path) => relative(folder, resolve(root, 'k8s', path));
    const overlay = `kind: Kustomization\nresources:\n  - ${to('overlays/production')}\ncomponents:\n  - ${to('components/language-model')}\n`;
    writeFileSync(join(folder, 'kustomization.yaml'), `apiVersion: kustomize.config.k8s.io/v1beta1\n${overlay}`);
    cluster = render(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is configured so that the summarizer accepts it, and is as restricted as before', async () => {
    const { template } = find(cluster, 'Deployment', 'summarizer').spec;
    const env = Object.fromEntries(template.spec.containers[0].env.map(({ name, value }) => [name, value]));
    const read = readAsService(await definitionOf('summarizer'), env);
    expect([read.SUMMARY_MODEL_URL, read.SUMMARY_MODEL, read.SUMMARY_MODEL_KEY.reveal()]).toEqual([
      'https://models.example/v1',
      'small-1',
      'key',
    ]);
    expect(laxities(template)).toEqual([]);
    expect(cluster.flatMap(kubernetesMistakes)).toEqual([]);
  });

  it('opens a way to it for the summarizer alone, and not to a machine’s own addresses', () => {
    const { spec } = find(cluster, 'NetworkPolicy', policyName);
    expect(spec.podSelector.matchLabels).toEqual({ 'app.kubernetes.io/name': 'summarizer' });
    for (const { ipBlock } of spec.egress[0].to) expect(ipBlock.except.length).toBeGreaterThan(1);
  });

  it('differs in nothing else from one in which none does', () => {
    const others = (resources) =>
      resources.filter(({ kind, metadata }) => metadata.name !== policyName && !(kind === 'Deployment' && metadata.name === 'summarizer'));
    expect(others(cluster)).toEqual(others(production));
    expect(find(production, 'NetworkPolicy', policyName)).toBeUndefined();
    expect(JSON.stringify(production)).not.toContain('SUMMARY_MODEL');
  });
});
