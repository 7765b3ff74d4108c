import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import { type Addressed, sendsOf } from './sends.js';
import { fromKafka, sizeOf, toKafka } from './wire.js';

const message = { id: 'e-1', topic: 't', key: 'k', headers: { ce_id: 'e-1', ce_actor: 'Zoë' }, value: '{}' };

const stored = (sent: ReturnType<typeof toKafka>): KafkaMessage => ({
  key: Buffer.from(sent.key),
  value: Buffer.from(sent.value),
  headers: Object.fromEntries(Object.entries(sent.headers).map(([name, value]) => [name, Buffer.from(value)])),
  offset: '7',
  timestamp: '0',
  attributes: 0,
});

describe('a message on the wire', () => {
  it('has no header beside its own when its id is the one of its event', () => {
    const sent = toKafka(message, 3);
    expect(Object.keys(sent.headers)).toEqual(['ce_id', 'ce_actor']);
    expect(sent.partition).toBe(3);
    expect(fromKafka('t', 3, stored(sent))).toEqual({ ...message, partition: 3, offset: '7' });
  });

  it('keeps another id beside that', () => {
    const other = { ...message, id: 'e-2' };
    expect(fromKafka('t', 3, stored(toKafka(other, 3)))).toEqual({ ...other, partition: 3, offset: '7' });
  });

  it('is read whoever has put it there', () => {
    const foreign = {
      key: null,
      value: null,
      headers: { twice: [Buffer.from('a'), Buffer.from('b')] },
      offset: '7',
      timestamp: '0',
      attributes: 0,
    };
    const read = { topic: 't', partition: 3, offset: '7', id: 't/3/7', key: '', value: '', headers: { twice: 'a' } };
    expect(fromKafka('t', 3, foreign)).toEqual(read);
  });
});

describe('sendsOf', () => {
  const addressed = fc
    .record({ topic: fc.constantFrom('a', 'b'), partition: fc.integer({ min: 0, max: 3 }), size: fc.integer({ min: 0, max: 400 }) })
    .map(({ topic, partition, size }): Addressed => ({
      topic,
      message: toKafka({ ...message, topic, value: 'x'.repeat(size) }, partition),
    }));

  it('cuts a list in its order, within the limits', () => {
    fc.assert(
      fc.property(fc.array(addressed, { maxLength: 60 }), (messages) => {
        const limits = { messages: 10, bytesPerPartition: 600 };
        const sends = sendsOf(messages, limits);
        expect(sends.flat()).toEqual(messages);
        for (const send of sends) {
          expect(send.length >= 1 && send.length <= 10).toBe(true);
          for (const topic of ['a', 'b']) {
            for (let partition = 0; partition < 4; partition++) {
              const batch = send.filter((one) => one.topic === topic && one.message.partition === partition);
              const bytes = batch.reduce((sum, one) => sum + sizeOf(one.message), 0);
              expect(batch.length <= 1 || bytes <= 600).toBe(true);
            }
          }
        }
      }),
    );
  });
});
