import type { KafkaMessage, Message } from 'kafkajs';
import type { OutgoingMessage, ReceivedMessage } from '../messaging.js';

/** Where CloudEvents has it; a header of our own carries it only when that one says something else. */
const eventIdHeader = 'ce_id';
const ownIdHeader = 'message-id';

/** kafkajs encodes a text twice, once to measure it; headers are most of what it does. */
const encoded = (text: string): Buffer => Buffer.from(text, 'utf8');

export type AddressedMessage = Message & { readonly partition: number };

export const toKafka = ({ id, key, headers, value }: OutgoingMessage, partition: number): AddressedMessage => {
  const buffers: Record<string, Buffer> = {};
  for (const name in headers) buffers[name] = encoded(headers[name] ?? '');
  if (headers[eventIdHeader] !== id) buffers[ownIdHeader] = encoded(id);
  return { key: encoded(key), value: encoded(value), headers: buffers, partition };
};

/** About what kafkajs writes for a message: never less. */
export const sizeOf = ({ key, value, headers = {} }: Message): number => {
  let size = 64 + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) size += 10 + 3 * name.length + (headers[name]?.length ?? 0);
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
