// Renders a kustomization, as far as ours go, and refuses every other field: so that suites can look at what a cluster would get
// without a program that not everybody has. `compare.mjs` holds it against the real one.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { generate, hashed, nameHash } from './generate.mjs';
import { merge } from './merge.mjs';
import { readYaml } from '../read-yaml.mjs';

const fields = ['resources', 'components', 'configMapGenerator', 'patches', 'labels', 'images', 'replicas', 'nameSuffix', 'namespace'];

const readFile = (path) => readYaml(readFileSync(path, 'utf8'));

const readKustomization = (folder) => {
  const { apiVersion: _version, kind, ...kustomization } = readFile(join(folder, 'kustomization.yaml'))[0];
  const unknown = Object.keys(kustomization).filter((field) => !fields.includes(field));
  if (unknown.length > 0) throw new Error(`${folder}: not understood: ${unknown.join(', ')}`);
  return { kind, ...kustomization };
};

const podTemplates = ({ spec }) => (spec?.template ? [spec.template] : []);

const matches = ({ kind = '.*', name = '.*' }, resource) =>
  new RegExp(`^(${kind})$`).test(resource.kind) && new RegExp(`^(${name})$`).test(resource.metadata.name);

const patchAll = (folder, resources, { path, patch, target }) => {
  const body = path === undefined ? readYaml(patch)[0] : readFile(join(folder, path))[0];
  const wanted = target ?? { kind: body.kind, name: body.metadata.name };
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = body;
  const { name: _name, ...meta } = metadata;
  const chosen = resources.filter((resource) => matches(wanted, resource));
  if (chosen.length === 0) throw new Error(`${folder}: a patch of ${JSON.stringify(wanted)} meets nothing`);
  for (const resource of chosen) Object.assign(resource, merge(resource, { ...rest, metadata: meta }));
};

const transforms = {
  labels: (resources, labels) => {
    for (const { pairs, includeTemplates } of labels) {
      for (const resource of resources) {
        const marked = [resource, ...(includeTemplates ? podTemplates(resource) : [])];
        for (const one of marked) one.metadata = merge(one.metadata ?? {}, { labels: pairs });
      }
    }
  },
  images: (resources, images) => {
    for (const { spec } of resources.flatMap(podTemplates)) {
      for (const container of spec.containers) {
        const image = images.find(({ name }) => name === container.image.split(':')[0]);
        if (image) container.image = `${image.newName ?? image.name}:${image.newTag}`;
      }
    }
  },
  replicas: (resources, replicas) => {
    for (const { name, count } of replicas)
      resources.find((one) => one.kind === 'Deployment' && one.metadata.name === name).spec.replicas = count;
  },
  nameSuffix: (resources, suffix) => {
    for (const { kind, metadata } of resources) {
      if (kind !== 'Job') throw new Error(`a suffix for a ${kind}, whose name others may use`);
      metadata.name += suffix;
    }
  },
  namespace: (resources, namespace) => {
    for (const { kind, metadata } of resources) if (kind !== 'Namespace') metadata.namespace = namespace;
  },
};

const accumulate = (folder, given = []) => {
  const kustomization = readKustomization(folder);
  const resources = [...given];
  for (const entry of kustomization.resources ?? []) {
    const path = join(folder, entry);
    resources.push(...(statSync(path).isDirectory() ? accumulate(path) : readFile(path)));
  }
  generate(resources, kustomization.configMapGenerator ?? []);
  let accumulated = resources;
  for (const component of kustomization.components ?? []) accumulated = accumulate(join(folder, component), accumulated);
  for (const patch of kustomization.patches ?? []) patchAll(folder, accumulated, patch);
  for (const [field, transform] of Object.entries(transforms)) {
    if (kustomization[field] !== undefined) transform(accumulated, kustomization[field]);
  }
  return accumulated;
};

const renamed = (value, names) => {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, content]) => {
      const isReference = (field === 'configMapRef' || field === 'configMap') && names.has(content.name);
      return [field, isReference ? { ...content, name: names.get(content.name) } : renamed(content, names)];
    }),
  );
};

/** The resources that `kustomize build <folder>` writes. */
export const render = (folder) => {
  const resources = accumulate(folder);
  const names = new Map(
    resources.filter((resource) => resource[hashed]).map((map) => [map.metadata.name, `${map.metadata.name}-${nameHash(map)}`]),
  );
  return resources.map((resource) => {
    const { [hashed]: isHashed, ...rest } = resource;
    const out = renamed(rest, names);
    if (isHashed) out.metadata.name = names.get(resource.metadata.name);
    return out;
  });
};
