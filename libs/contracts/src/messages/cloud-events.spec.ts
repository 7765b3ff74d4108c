import { describe, expect, it } from '@jest/globals';
import { CloudEvent, Kafka } from 'cloudevents';
import { readContract } from './documents/index.js';

const { golden } = readContract(new URL('../../../../', import.meta.url));
const messages = Object.entries(golden);

/** As a stranger who knows CloudEvents and nothing of us receives it. */
const received = (headers: Readonly<Record<string, string>>, key: string, value: string): CloudEvent<unknown> => {
  const message = { headers: { ...headers }, key, value, body: value };
  expect(Kafka.isEvent(message)).toBe(true);
  const event = Kafka.toEvent<unknown>(message);
  if (Array.isArray(event)) throw new Error('one message is one event');
  return new CloudEvent(event, true);
};

describe.each(messages)('%s for the CloudEvents SDK', (type, { headers, key, value }) => {
  const event = received(headers, key, JSON.stringify(value));

  it('is a valid event with our attributes and its data', () => {
    expect(event.validate()).toBe(true);
    expect(event.toJSON()).toEqual({
      specversion: '1.0',
      id: headers['ce_id'],
      type,
      source: '/scheduled-scripts',
      subject: headers['ce_subject'],
      // The SDK knows milliseconds only; the header has six digits.
      time: `${headers['ce_time']?.slice(0, 23)}Z`,
      datacontenttype: 'application/json',
      organizationid: headers['ce_organizationid'],
      sequence: headers['ce_sequence'],
      correlationid: headers['ce_correlationid'],
      causationid: headers['ce_causationid'],
      actor: headers['ce_actor'],
      partitionkey: key,
      data: value,
    });
  });

  it('survives the structured mode', () => {
    const structured = Kafka.structured(event);
    expect(structured.headers['content-type']).toMatch(/^application\/cloudevents\+json/);
    expect(Kafka.toEvent(structured)).toEqual(event);
  });

  it('is written by the SDK as we write it', () => {
    const binary = Kafka.binary(event);
    const { 'content-type': contentType, ...ours } = headers;
    const { traceparent: _traceparent, ...attributes } = ours;
    expect(binary.headers).toEqual({
      ...attributes,
      'content-type': contentType,
      ce_datacontenttype: contentType,
      ce_partitionkey: key,
      ce_time: event.time,
    });
    expect([binary.key, binary.value]).toEqual([key, value]);
  });
});

describe('an event from the SDK', () => {
  it('is refused by its validator with an attribute that it does not allow', () => {
    expect(() => new CloudEvent({ type: 'a', source: '/b', organization_id: 'c' })).toThrow(/organization_id/);
  });
});
