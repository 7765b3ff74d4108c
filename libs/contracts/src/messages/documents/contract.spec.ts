import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';
import { messageSchemas } from '../domain-event.js';
import { topicSpecifications } from '../topics.js';
import { judgeContract, outdatedFiles, readContract, schemasOfToday } from './index.js';
import { isList, isObject, type Json, type JsonObject } from '../../json.js';
import { jsonSchemaOf } from './message.schemas.js';

const { contract: committed, golden } = readContract(new URL('../../../../../', import.meta.url));
const today = schemasOfToday();
const claimed = 'site-execution.claimed.v1';

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
formats.default(ajv);
const errors = (schema: JsonObject, data: unknown): unknown => {
  const validate = ajv.compile(schema);
  return validate(data) ? [] : validate.errors;
};

const withoutOwner = jsonSchemaOf(messageSchemas[claimed].omit({ owner: true }));
const withMore = jsonSchemaOf(messageSchemas[claimed].extend({ later: z.string().optional() }));

describe('the committed contract', () => {
  it('says what the code says', () => {
    const outdated = [...outdatedFiles(committed, judgeContract(committed.published, golden).contract).keys()];
    if (outdated.length > 0) throw new Error(`differ from the code: ${outdated.join(', ')}; run: npm run build && npm run contracts`);
    expect(Object.keys(committed.schemas)).toHaveLength(Object.keys(golden).length + 1);
  });

  it('breaks no promise', () => {
    expect(judgeContract(committed.published, golden).broken).toEqual([]);
  });

  it('keeps the topics, and a key in its partition', () => {
    expect(topicSpecifications).toEqual([
      { name: 'scheduled-script.events.v1', partitions: 12 },
      { name: 'site-execution.events.v1', partitions: 12 },
    ]);
  });
});

const judge = (schemas: typeof today, examples = golden) => judgeContract(committed.published, examples, schemas);

describe('a change of what is promised', () => {
  it('is refused where it breaks a version, with the field and the way on', () => {
    const { broken } = judge({ ...today, [claimed]: withoutOwner });
    expect(broken).toEqual(['site-execution.claimed.v1: data.owner was removed or renamed. Publish site-execution.claimed.v2 instead']);
  });

  it('is refused where it breaks the headers', () => {
    const { properties = null } = today['headers'] ?? {};
    const headers = { ...today['headers'], properties: { ...(isObject(properties) && properties), ce_sequence: { type: 'integer' } } };
    expect(judge({ ...today, headers }).broken).toEqual([
      'headers: data.ce_sequence: type was "string" and is "integer". Headers may only be added',
      expect.stringContaining('data.ce_sequence: pattern was'),
    ]);
  });

  it('is refused where a version is forgotten', () => {
    const { [claimed]: _claimed, ...others } = today;
    expect(judge(others).broken).toEqual([
      `${claimed} was published and is gone: whoever reads its topic from the start must still know it`,
    ]);
  });

  it('is refused for a new version without a golden message', () => {
    const type = 'site-execution.claimed.v2';
    const { broken, contract } = judge({ ...today, [type]: withoutOwner });
    expect(broken).toEqual([`${type}: has no golden message; add src/messages/golden/${type}.json`]);
    expect(contract.published[claimed]).toEqual(committed.published[claimed]);
    const example = golden[claimed];
    if (!example) throw new Error(`no golden message of ${claimed}`);
    expect(judge({ ...today, [type]: withoutOwner }, { ...golden, [type]: example }).broken).toEqual([]);
  });

  it('is taken up beside what was published before, where it only adds, and is itself kept from then on', () => {
    const { broken, contract } = judge({ ...today, [claimed]: withMore });
    expect(broken).toEqual([]);
    expect([...outdatedFiles(committed, contract).keys()].sort()).toEqual([
      'docs/asyncapi.json',
      `libs/contracts/schemas/published/${claimed}/2.json`,
      `libs/contracts/schemas/${claimed}.json`,
    ]);
    expect(contract.published[claimed]?.slice(0, 1)).toEqual(committed.published[claimed]);
    expect(judgeContract(contract.published, golden).broken).toEqual([
      'site-execution.claimed.v1: data.later was removed or renamed. Publish site-execution.claimed.v2 instead',
    ]);
  });

  it('needs no new shape where only words for people have changed', () => {
    const described = { ...today[claimed], description: 'Other words.' };
    expect([...outdatedFiles(committed, judge({ ...today, [claimed]: described }).contract).keys()].sort()).toEqual([
      'docs/asyncapi.json',
      `libs/contracts/schemas/${claimed}.json`,
    ]);
  });

  it('is noticed in a file that should not be there', () => {
    const { [claimed]: _claimed, ...others } = committed.schemas;
    expect([...outdatedFiles(committed, { ...committed, schemas: others })]).toEqual([[`libs/contracts/schemas/${claimed}.json`, null]]);
  });
});

describe('the schemas', () => {
  const undescribed = (schema: Json, at: string): readonly string[] => {
    if (isList(schema)) return schema.flatMap((part) => undescribed(part, at));
    if (!isObject(schema)) return [];
    const { properties, ...rest } = schema;
    const fields = isObject(properties ?? null) ? Object.entries(properties as JsonObject) : [];
    return [
      ...fields.flatMap(([name, field]) => [
        ...(isObject(field) && typeof field['description'] === 'string' ? [] : [`${at}.${name}`]),
        ...undescribed(field, `${at}.${name}`),
      ]),
      ...Object.values(rest).flatMap((part) => undescribed(part, at)),
    ];
  };

  it('explain themselves and every field', () => {
    for (const [name, schema] of Object.entries(today)) {
      expect({ name, title: schema['title'], description: schema['description'] }).toEqual({
        name,
        title: expect.stringMatching(/\w/),
        description: expect.stringMatching(/\.$/),
      });
      expect(undescribed(schema, name)).toEqual([]);
    }
  });

  it.each(Object.entries(golden))(
    'take the golden message of %s as every shape says it, and with fields from later on',
    (type, message) => {
      const shapes = [today[type] ?? false, ...(committed.published[type] ?? [])] as readonly JsonObject[];
      const headerShapes = [today['headers'] ?? false, ...(committed.published['headers'] ?? [])] as readonly JsonObject[];
      expect(shapes.length).toBeGreaterThan(1);
      for (const shape of shapes) {
        expect(errors(shape, message.value)).toEqual([]);
        expect(errors(shape, { ...message.value, later: [{ deep: 1 }] })).toEqual([]);
      }
      for (const shape of headerShapes) expect(errors(shape, { ...message.headers, ce_later: '1' })).toEqual([]);
    },
  );

  it('refuse what is not promised', () => {
    const schema = today[claimed] ?? {};
    const value = golden[claimed]?.value ?? {};
    const { owner: _owner, ...without } = value;
    for (const data of [without, { ...value, kind: 'rehearsal' }, { ...value, siteId: 'berlin' }, { ...value, scriptId: 7 }]) {
      expect(errors(schema, data)).not.toEqual([]);
    }
    const headers = golden[claimed]?.headers ?? {};
    for (const given of [
      { ...headers, ce_sequence: '3' },
      { ...headers, ce_specversion: '0.3' },
      { ...headers, ce_time: 'noon' },
    ]) {
      expect(errors(today['headers'] ?? {}, given)).not.toEqual([]);
    }
  });
});
