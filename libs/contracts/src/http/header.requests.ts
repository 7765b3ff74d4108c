import { z } from 'zod';
import { limits } from './limits.js';

/** Members of a list, apart by commas that are not within quotes. */
const members = /(?:[^",]|"[^"]*"?)+/g;
const entityTag = /^(?:W\/)?"([^"]*)"$/;
const ours = /^([1-9]\d{0,8})-[\w-]+$/;

/**
 * `If-Match` as the versions that it asks for, one of which has to stand; undefined for `*`, which any version satisfies. A tag that is none of
 * ours names nothing that ever stood.
 */
export const ifMatchHeader = z.string().transform((header, context): readonly number[] | undefined => {
  const given = (header.match(members) ?? []).map((member) => member.trim()).filter((member) => member !== '');
  if (given.length === 1 && given[0] === '*') return undefined;
  const tags = given.map((member) => entityTag.exec(member)?.[1]);
  if (tags.length > 0 && tags.length <= limits.entityTags && !tags.includes(undefined)) {
    return tags.flatMap((tag = '') => ours.exec(tag)?.[1] ?? []).map(Number);
  }
  const message = `must be 1 to ${limits.entityTags} entity tags in double quotes, or *`;
  context.addIssue({ code: 'custom', message, input: header });
  return z.NEVER;
});

/** `Min-Version`: the version that the caller has already seen. */
export const minVersionHeader = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, { error: 'must be a version: a whole number from 1' })
  .transform(Number);

export const idempotencyKeyHeader = z.string().regex(new RegExp(`^[\\x21-\\x7e]{1,${limits.idempotencyKeyCharacters}}$`), {
  error: `must be 1 to ${limits.idempotencyKeyCharacters} visible ASCII characters`,
});
