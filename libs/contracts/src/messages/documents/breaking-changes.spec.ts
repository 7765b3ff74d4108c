import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { breakingChanges } from './breaking-changes.js';
import type { JsonObject } from '../../json.js';
import { jsonSchemaOf, shapeOf } from './message.schemas.js';

const siteId = z.string().regex(/^site_/);
const fields = {
  siteId,
  reason: z.enum(['offline', 'timeout']),
  message: z.string().nullable(),
  attempts: z.int().min(0).max(9),
  note: z.string().optional(),
  sites: z.array(z.object({ siteId, reason: z.string() })),
};
const branch = (outcome: string) => z.object({ siteId, outcome: z.literal(outcome) });

const changes = (published: z.ZodType, today: z.ZodType) => breakingChanges(shapeOf(jsonSchemaOf(published)), shapeOf(jsonSchemaOf(today)));
const changed = (today: z.ZodType) => changes(z.object(fields), today);
const { siteId: _siteId, ...withoutSite } = fields;
const { note: _note, ...withoutNote } = fields;

describe('a published version may', () => {
  it.each<[string, z.ZodType, z.ZodType]>([
    ['stay as it is', z.object(fields), z.object({ ...fields })],
    ['gain an optional field', z.object(fields), z.object({ ...fields, later: z.string().optional() })],
    [
      'gain an optional field further down',
      z.object(fields),
      z.object({ ...fields, sites: z.array(z.object({ siteId, reason: z.string(), later: z.object({ a: z.string() }).optional() })) }),
    ],
    [
      'gain an optional field in an alternative',
      z.discriminatedUnion('outcome', [branch('completed'), branch('failed')]),
      z.discriminatedUnion('outcome', [branch('completed'), branch('failed').extend({ later: z.string().nullish() })]),
    ],
    [
      'be described otherwise',
      z.object(fields),
      z.object({ ...fields, siteId: siteId.describe('elsewhere') }).meta({ title: 'New words' }),
    ],
    ['name its fields in another order', z.object(fields), z.object(Object.fromEntries(Object.entries(fields).reverse()))],
  ])('%s', (_what, published, today) => {
    expect(changes(published, today)).toEqual([]);
  });
});

describe('a published version may not', () => {
  it.each<[string, z.ZodType, readonly string[]]>([
    ['lose a field', z.object(withoutSite), ['data.siteId was removed or renamed']],
    ['lose an optional field', z.object(withoutNote), ['data.note was removed or renamed']],
    [
      'rename a field',
      z.object({ ...withoutSite, site: siteId }),
      ['data.siteId was removed or renamed', 'data.site was added as required'],
    ],
    ['gain a required field', z.object({ ...fields, later: z.string() }), ['data.later was added as required']],
    ['make a field optional', z.object({ ...fields, siteId: siteId.optional() }), ['data.siteId was required and is optional']],
    ['make a field required', z.object({ ...fields, note: z.string() }), ['data.note was optional and is required']],
    ['retype a field', z.object({ ...fields, note: z.number().optional() }), ['data.note: type was "string" and is "number"']],
    [
      'let integers be fractions',
      z.object({ ...fields, attempts: z.number().min(0).max(9) }),
      ['data.attempts: type was "integer" and is "number"'],
    ],
    ['narrow a list', z.object({ ...fields, reason: z.enum(['offline']) }), ['data.reason can no longer be "timeout"']],
    [
      'widen a list',
      z.object({ ...fields, reason: z.enum(['offline', 'timeout', 'aborted']) }),
      ['data.reason can now be "aborted" as well'],
    ],
    ['open a list', z.object({ ...fields, reason: z.string() }), ['data.reason is open and was a closed list']],
    ['close a text', z.object({ ...fields, note: z.enum(['a']).optional() }), ['data.note was open and is a closed list']],
    ['narrow a number', z.object({ ...fields, attempts: z.int().min(1).max(9) }), ['data.attempts: minimum was 0 and is 1']],
    ['widen a number', z.object({ ...fields, attempts: z.int().min(0).max(99) }), ['data.attempts: maximum was 9 and is 99']],
    ['narrow a text', z.object({ ...fields, note: z.string().min(1).optional() }), ['data.note: minLength was nothing and is 1']],
    [
      'change the form of a text',
      z.object({ ...fields, siteId: z.string().regex(/^router_/) }),
      ['data.siteId: pattern was "^site_" and is "^router_"'],
    ],
    ['lose null', z.object({ ...fields, message: z.string() }), ['data.message: type was ["string","null"] and is "string"']],
    [
      'gain null',
      z.object({ ...fields, reason: fields.reason.nullable() }),
      [
        'data.reason: type was "string" and is nothing',
        'data.reason is open and was a closed list',
        'data.reason had 0 alternatives (anyOf) and has 2',
      ],
    ],
    ['change further down', z.object({ ...fields, sites: z.array(z.object({ siteId })) }), ['data.sites[].reason was removed or renamed']],
    ['limit a list of values', z.object({ ...fields, sites: fields.sites.max(9) }), ['data.sites: maxItems was nothing and is 9']],
    ['refuse fields that it does not know', z.strictObject(fields), ['data: additionalProperties was nothing and is false']],
  ])('%s', (_what, today, found) => {
    expect(changed(today)).toEqual(found);
  });

  it('gain, lose or change an alternative', () => {
    const published = z.discriminatedUnion('outcome', [branch('completed'), branch('failed')]);
    const all = (...outcomes: string[]) => z.union(outcomes.map(branch));
    expect(changes(published, z.discriminatedUnion('outcome', [branch('completed')]))).toEqual([
      'data had 2 alternatives (oneOf) and has 1',
    ]);
    expect(changes(published, z.discriminatedUnion('outcome', [branch('completed'), branch('failed'), branch('lost')]))).toEqual([
      'data had 2 alternatives (oneOf) and has 3',
    ]);
    expect(changes(published, z.discriminatedUnion('outcome', [branch('completed'), branch('lost')]))).toEqual([
      'data.outcome: const was "failed" and is "lost"',
    ]);
    expect(changes(published, all('completed', 'failed'))).not.toEqual([]);
  });

  it('change by a keyword that nobody has thought of', () => {
    const published: JsonObject = { type: 'object', properties: { a: { type: 'string' } } };
    const today: JsonObject = { type: 'object', properties: { a: { type: 'string', contentEncoding: 'base64' } } };
    expect(breakingChanges(published, today)).toEqual(['data.a: contentEncoding was nothing and is "base64"']);
    expect(breakingChanges(today, published)).toEqual(['data.a: contentEncoding was "base64" and is nothing']);
  });

  it('change the schema of a field from a schema to a refusal', () => {
    expect(breakingChanges({ properties: { a: {} } }, { properties: { a: false } })).toEqual(['data.a was {} and is false']);
    expect(breakingChanges({ type: 'object', properties: {} }, { type: 'object', properties: {}, required: ['a'] })).toEqual([
      'data requires "a", which it does not describe',
    ]);
  });
});
