import { hash } from 'node:crypto';

/** In one spelling: keys in order, no blanks. `Infinity`, which JSON has none for and makes of `1e999`, stays what it is. */
const spelled = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(spelled).join()}]`;
  if (typeof value !== 'object' || value === null) return typeof value === 'number' ? String(value) : JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${spelled(member)}`).join()}}`;
};

/** SHA-256 of a parsed body by its value: the order of keys is no difference, a default that is spelled out is one. */
export const bodyDigest = (body: unknown): string => hash('sha256', spelled(body ?? null));
