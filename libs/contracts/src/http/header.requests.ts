import { z } from 'zod';
import { limits } from './limits.js';

const entityTag = /^(?:W\/)?"([^"]*)"$/;
const ours = /^([1-9]\d{0,8})-[\w-]+$/;

/**
 * `If-Match` as the version that it asks for; undefined for `*`, which any version satisfies. A tag that is none of ours is version 0:
 * it names nothing that ever stood, so that it never matches.
 */
export const ifMatchHeader = z.string().transform((header, context): number | undefined => {
  const given = header.trim();
  if (given === '*') return undefined;
  const tag = entityTag.exec(given);
  if (tag) return Number(ours.exec(tag[1] ?? '')?.[1] ?? 0);
  context.addIssue({ code: 'custom', message: 'must be one entity tag in double quotes, or *', input: header });
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
