// Makes the two files beside it; README.md says from what. A line is a definition, without its prose.
import { readFileSync, writeFileSync } from 'node:fs';

/** By apiVersion and kind, what our manifests consist of. */
const kinds = {
  'apps/v1 Deployment': 'io.k8s.api.apps.v1.Deployment',
  'autoscaling/v2 HorizontalPodAutoscaler': 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  'batch/v1 Job': 'io.k8s.api.batch.v1.Job',
  'networking.k8s.io/v1 NetworkPolicy': 'io.k8s.api.networking.v1.NetworkPolicy',
  'policy/v1 PodDisruptionBudget': 'io.k8s.api.policy.v1.PodDisruptionBudget',
  'v1 ConfigMap': 'io.k8s.api.core.v1.ConfigMap',
  'v1 Namespace': 'io.k8s.api.core.v1.Namespace',
  'v1 PersistentVolumeClaim': 'io.k8s.api.core.v1.PersistentVolumeClaim',
  'v1 Service': 'io.k8s.api.core.v1.Service',
  'v1 ServiceAccount': 'io.k8s.api.core.v1.ServiceAccount',
};

const isProse = (name, value) => name.startsWith('x-kubernetes') || (name === 'description' && typeof value === 'string');

const withoutProse = (schema) => {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([name, value]) => !isProse(name, value));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutProse(value)]));
};

/** The definitions of `names`, and all that they refer to. */
const closure = (all, names) => {
  const needed = new Map();
  const take = (name) => {
    if (needed.has(name)) return;
    needed.set(name, withoutProse(all[name]));
    for (const [, other] of JSON.stringify(needed.get(name)).matchAll(/#\/\$defs\/([^"]+)"/g)) take(other);
  };
  for (const name of names) take(name);
  return [...needed].sort(([a], [b]) => (a < b ? -1 : 1));
};

const write = (file, header, definitions) =>
  writeFileSync(new URL(file, import.meta.url), `${[header, ...definitions].map((line) => JSON.stringify(line)).join('\n')}\n`);

const [what, source, release] = process.argv.slice(2);
if (what === 'kubernetes' && source && release) {
  const { $defs: all } = JSON.parse(readFileSync(source, 'utf8'));
  write('kubernetes.jsonl', { release, kinds }, closure(all, Object.values(kinds)));
} else if (what === 'compose' && source) {
  const { definitions, ...root } = withoutProse(JSON.parse(readFileSync(source, 'utf8')));
  write('compose.jsonl', root, Object.entries(definitions));
} else throw new Error('usage: node extract.mjs kubernetes <_definitions.json> <release> | compose <schema.json>');
