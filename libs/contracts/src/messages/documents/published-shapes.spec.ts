import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fromMessage } from '../index.js';
import { readContract } from './index.js';
import { isList, isObject, type Json, type JsonObject } from '../../json.js';

const { contract, golden } = readContract(new URL('../../../../../', import.meta.url));

const knownKeywords = ['type', 'format', 'properties', 'required', 'items', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum'];

const ofType = (type: Json | undefined, schema: JsonObject): fc.Arbitrary<unknown> => {
  const strange = Object.keys(schema).filter((keyword) => !knownKeywords.includes(keyword));
  if (strange.length > 0) throw new Error(`no data can be made with ${strange.join()}: teach this suite`);
  const { properties, required, items, pattern, minLength = 0, maxLength = 40, minimum, maximum } = schema;
  const range = { ...(typeof minimum === 'number' && { min: minimum }), ...(typeof maximum === 'number' && { max: maximum }) };
  switch (type) {
    case 'object': {
      const fields = isObject(properties) ? Object.entries(properties).map(([name, field]) => [name, dataOf(field)] as const) : [];
      return fc.record(Object.fromEntries(fields), { requiredKeys: isList(required) ? required.map(String) : [] });
    }
    case 'array':
      return fc.array(dataOf(items), { maxLength: 4 });
    case 'string':
      if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
      return fc.string({ unit: 'grapheme', minLength: Number(minLength), maxLength: Math.min(40, Number(maxLength)) });
    case 'integer':
      return fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, ...range });
    case 'number':
      return fc.double({ ...range, noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      throw new Error(`no data can be made of ${JSON.stringify(schema)}`);
  }
};

/** Anything that a schema describes. */
const dataOf = (schema: Json | undefined): fc.Arbitrary<unknown> => {
  if (!isObject(schema)) throw new Error(`no data can be made of ${JSON.stringify(schema)}`);
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (isList(alternatives)) return fc.oneof(...alternatives.map(dataOf));
  if (isList(schema['enum'])) return fc.constantFrom(...schema['enum']);
  if (schema['const'] !== undefined) return fc.constant(schema['const']);
  const { type } = schema;
  return isList(type) ? fc.oneof(...type.map((one) => ofType(one, schema))) : ofType(type, schema);
};

const shapes = Object.entries(contract.published)
  .filter(([name]) => name !== 'headers')
  .flatMap(([type, all]) => all.map((shape, index) => [type, index + 1, shape] as const));

const isRead = (type: string, shape: JsonObject) => {
  const { key = '', headers = {} } = golden[type] ?? {};
  return fc.property(dataOf(shape), (data) => {
    expect(fromMessage({ key, headers, value: JSON.stringify(data) })).toMatchObject({ kind: 'event', event: { type } });
  });
};

/** The comparator sees what a schema says; this sees what the code does, also where no schema can say it. */
describe('whatever a published shape describes', () => {
  it.each(shapes)('is read as %s (shape %i)', (type, _number, shape) => {
    fc.assert(isRead(type, shape), { numRuns: 30 });
  });

  it('is missed where the code asks for more', () => {
    const [, , shape] = shapes.find(([type]) => type === 'site-execution.claimed.v1') ?? [];
    const { failed, counterexample } = fc.check(isRead('site-execution.claimed.v1', { ...shape, required: [] }), { numRuns: 30 });
    expect([failed, counterexample]).toEqual([true, [{}]]);
  });
});
