import { createHash } from 'node:crypto';

/** `"<version>-<digest>"` of a resource’s JSON; the digest covers it without a script’s `t_minus`, which moves by itself. */
export const entityTagOf = (version: number, resource: object): string => {
  const digest = createHash('sha256').update(JSON.stringify({ ...resource, t_minus: undefined }));
  return `"${version}-${digest.digest('base64url').slice(0, 22)}"`;
};

/** Whether `If-None-Match` names what the client would get: then the answer is 304. Weak comparison, as for any GET. */
export const isNoneMatch = (ifNoneMatch: string | undefined, entityTag: string): boolean => {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const given: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return given.includes(entityTag);
};
