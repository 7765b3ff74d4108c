import { describe, expect, it } from '@jest/globals';
import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { topicSpecifications } from '../topics.js';
import { readContract } from './index.js';
import { isList, isObject, type Json, type JsonObject } from '../../json.js';

const { contract, golden } = readContract(new URL('../../../../../', import.meta.url));
const document = contract.asyncApi;

const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
const isAsyncApi = ajv.compile(specs.schemasWithoutId['3.0.0']);

/** What a `$ref` of the document points to. */
const at = (reference: string): Json | undefined =>
  reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<Json | undefined>((place, name) => (isObject(place) ? place[name] : undefined), document);

const references = (part: Json): readonly string[] => {
  if (isList(part)) return part.flatMap(references);
  if (!isObject(part)) return [];
  const { $ref, ...rest } = part;
  return [...(typeof $ref === 'string' ? [$ref] : []), ...Object.values(rest).flatMap(references)];
};

const inPlace = (part: Json): Json => {
  if (isList(part)) return part.map(inPlace);
  if (!isObject(part)) return part;
  const { $ref } = part;
  if (typeof $ref === 'string') return inPlace(at($ref) ?? false);
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, inPlace(value)]));
};

const asObject = (part: Json | undefined): JsonObject => (isObject(part) ? part : {});
const messages = Object.entries(asObject(at('#/components/messages')));

describe('the AsyncAPI document', () => {
  it('is AsyncAPI 3.0', () => {
    expect(isAsyncApi(document) ? [] : isAsyncApi.errors).toEqual([]);
  });

  it('would not pass with an error in it', () => {
    const operation = { action: 'listen', channel: { $ref: '#/channels/scheduled-script.events.v1' } };
    expect(isAsyncApi({ ...document, operations: { operation } })).toBe(false);
    expect(isAsyncApi({ ...document, chanels: {} })).toBe(false);
  });

  it('points to nothing that is not there', () => {
    const all = [...new Set(references(document))];
    expect(all.length).toBeGreaterThan(messages.length);
    expect(all.filter((reference) => at(reference) === undefined)).toEqual([]);
  });

  it('has every topic with its partitions, and receives from each', () => {
    const channels = Object.entries(asObject(document['channels'])).map(([id, channel]) => {
      const { address, bindings } = asObject(channel);
      const { topic, partitions } = asObject(asObject(bindings)['kafka']);
      return { id, address, topic, partitions };
    });
    expect(channels).toEqual(topicSpecifications.map(({ name, partitions }) => ({ id: name, address: name, topic: name, partitions })));
    expect(Object.values(asObject(document['operations']))).toEqual(
      topicSpecifications.map(({ name }) => expect.objectContaining({ action: 'receive', channel: { $ref: `#/channels/${name}` } })),
    );
  });

  it('has every version, on the topic that its golden message is on', () => {
    expect(messages.map(([type]) => type).sort()).toEqual(Object.keys(golden).sort());
    for (const [type, { topic }] of Object.entries(golden)) {
      const channels = topicSpecifications.filter(({ name }) => asObject(asObject(asObject(document['channels'])[name])['messages'])[type]);
      expect(channels.map(({ name }) => name)).toEqual([topic]);
    }
  });

  it.each(messages)('describes %s so that its golden message passes, and one of another type does not', (type, part) => {
    const { headers, payload, bindings } = asObject(inPlace(part));
    const { key } = asObject(asObject(bindings)['kafka']);
    const message = golden[type];
    if (!message) throw new Error(`no golden message of ${type}`);
    const [checkHeaders, checkPayload, checkKey] = [headers, payload, key].map((schema) => ajv.compile(asObject(schema)));
    expect([checkHeaders?.(message.headers), checkPayload?.(message.value), checkKey?.(message.key)]).toEqual([true, true, true]);
    expect(checkHeaders?.({ ...message.headers, ce_type: 'site-execution.invented.v1' })).toBe(false);
    expect(checkPayload?.('text')).toBe(false);
  });
});
