import type { KafkaMessage, Message } from 'kafkajs';
import type { OutgoingMessage, ReceivedMessage } from '../messaging.js';

/** Where CloudEvents has it; a header of our own carries it only when that one says something else. */
const eventIdHeader = 'ce_id';
const ownIdHeader = 'message-id';

export interface AddressedMessage extends Message {
  readonly key: string;
  readonly value: string;
  readonly headers: Record<string, string>;
  readonly partition: number;
}

/** As texts: kafkajs measures and encodes them faster than a Buffer can be made of each. */
export const toKafka = ({ id, key, headers, value }: OutgoingMessage, partition: number): AddressedMessage => ({
  key,
  value,
  headers: headers[eventIdHeader] === id ? headers : { ...headers, [ownIdHeader]: id },
  partition,
});

/** About what kafkajs writes for a message: never less. */
export const sizeOf = ({ key, value, headers }: AddressedMessage): number => {
  // A UTF-16 unit is three bytes of UTF-8 at most; the value is worth a closer look.
  let size = 64 + 3 * key.length + Buffer.byteLength(value);
  for (const name in headers) size += 10 + 3 * (name.length + (headers[name]?.length ?? 0));
  return size;
};

const text = (value: Buffer | string | (Buffer | string)[] | undefined | null): string =>
  String((Array.isArray(value) ? value[0] : value) ?? '');

/** A message that somebody else has put there may lack anything. */
export const fromKafka = (topic: string, partition: number, { offset, key, value, headers: raw = {} }: KafkaMessage): ReceivedMessage => {
  const headers: Record<string, string> = {};
  for (const name in raw) headers[name] = text(raw[name]);
  const id = headers[ownIdHeader] ?? headers[eventIdHeader] ?? `${topic}/${partition}/${offset}`;
  delete headers[ownIdHeader];
  return { id, topic, key: text(key), headers, value: text(value), partition, offset };
};
