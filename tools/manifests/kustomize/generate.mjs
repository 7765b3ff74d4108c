import { hash } from 'node:crypto';

/** Marks a ConfigMap whose name gets a hash once everything is merged. */
export const hashed = Symbol('hashed');

/** Letters that cannot make words. */
const letters = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' };

/** As Go writes them in JSON. */
const escape = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The end of a generated ConfigMap's name: a hash of what is in it, as kustomize makes it. */
export const nameHash = ({ data }) => {
  const sorted = Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify({ data: sorted, kind: 'ConfigMap', name: '' }).replace(/[<>&\u2028\u2029]/g, escape);
  const digest = hash('sha256', text).slice(0, 10);
  return digest.replace(/[013ae]/g, (digit) => letters[digit]);
};

const dataOf = (literals) =>
  Object.fromEntries(
    literals.map((literal) => {
      const at = literal.indexOf('=');
      return [literal.slice(0, at), literal.slice(at + 1)];
    }),
  );

/** Adds the ConfigMaps that a kustomization generates, or merges into those that are there. */
export const generate = (resources, generators) => {
  for (const { name, behavior = 'create', literals, ...rest } of generators) {
    if (Object.keys(rest).length > 0) throw new Error(`the ConfigMap ${name}: not understood: ${Object.keys(rest).join(', ')}`);
    const there = resources.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
    if (behavior === 'merge' && there) Object.assign(there.data, dataOf(literals));
    else if (behavior === 'create' && !there) {
      resources.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: dataOf(literals), [hashed]: true });
    } else throw new Error(`cannot ${behavior} the ConfigMap ${name}`);
  }
};
