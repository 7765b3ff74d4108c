import { hash } from 'node:crypto';

/** `"<version>-<digest>"` of a resource’s JSON; the digest covers it without a script’s `t_minus`, which moves by itself. */
export const entityTagOf = (version: number, resource: object): string => entityTagOfJson(version, JSON.stringify(resource));

// Within a string the quotes would be escaped: this is the field and nothing else.
const movingField = /"t_minus":"[^"]*",/;

/** The same, of a resource that is written already. */
export const entityTagOfJson = (version: number, json: string): string => {
  const digest = hash('sha256', json.replace(movingField, ''), 'base64url');
  return `"${version}-${digest.slice(0, 22)}"`;
};

/** Whether `If-None-Match` names what the client would get: then the answer is 304. Weak comparison, as for any GET. */
export const isNoneMatch = (ifNoneMatch: string | undefined, entityTag: string): boolean => {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const given: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return given.includes(entityTag);
};
