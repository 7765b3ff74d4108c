import { type AddressedMessage, sizeOf } from './wire.js';

export interface Addressed {
  readonly topic: string;
  readonly message: AddressedMessage;
}

export interface SendLimits {
  readonly messages: number;
  /** For one partition: a broker refuses a record batch that is larger than the topic's `max.message.bytes`, and kafkajs never splits one. */
  readonly bytesPerPartition: number;
}

/** One request to the brokers: at most one record batch a partition. */
export type Send = readonly Addressed[];

/** Cuts a list into requests, in its order. A message that is too large by itself is alone in its partition; the broker has the last word. */
export const sendsOf = (messages: readonly Addressed[], limits: SendLimits): readonly Send[] => {
  const sends: Addressed[][] = [];
  let current: Addressed[] = [];
  let bytes = new Map<string, number>();
  for (const addressed of messages) {
    const place = placeOf(addressed);
    const before = bytes.get(place) ?? 0;
    const size = sizeOf(addressed.message);
    if (current.length >= limits.messages || (before > 0 && before + size > limits.bytesPerPartition)) {
      sends.push(current);
      current = [];
      bytes = new Map();
    }
    current.push(addressed);
    bytes.set(place, (bytes.get(place) ?? 0) + size);
  }
  if (current.length > 0) sends.push(current);
  return sends;
};

export const placeOf = ({ topic, message: { partition } }: Addressed): string => `${topic}/${partition}`;
