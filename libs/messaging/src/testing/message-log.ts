import { randomUUID } from 'node:crypto';
import type { BatchHandler, OutgoingMessage, ReceivedMessage } from '../messaging.js';

/** `count` messages, dealt round the keys; the value says which one of its key it is. */
export const numbered = (topic: string, keys: readonly string[], count: number, from = 0): readonly OutgoingMessage[] =>
  Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    topic,
    key: keys[index % keys.length] as string,
    headers: { ce_id: `${index}` },
    value: String(from + Math.floor(index / keys.length)),
  }));

/** Notes what handlers were given. */
export class MessageLog {
  readonly messages: ReceivedMessage[] = [];

  readonly handle: BatchHandler = (batch) => {
    this.messages.push(...batch.messages);
    return Promise.resolve();
  };

  get ids(): ReadonlySet<string> {
    return new Set(this.messages.map(({ id }) => id));
  }

  hasAll(messages: readonly OutgoingMessage[]): boolean {
    const { ids } = this;
    return messages.every(({ id }) => ids.has(id));
  }

  /** The ids of one key in the order of their first occurrences: what a consumer sees that recognises repeats. */
  firstOccurrences(key: string): readonly string[] {
    return [...new Set(this.messages.filter((message) => message.key === key).map(({ id }) => id))];
  }
}

export const idsOf = (messages: readonly OutgoingMessage[], key?: string): readonly string[] =>
  messages.filter((message) => key === undefined || message.key === key).map(({ id }) => id);
