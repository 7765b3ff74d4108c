import { describe, expect, it } from '@jest/globals';
import { type OutgoingMessage, TopicMismatch } from '../messaging.js';
import { eventually } from './eventually.js';
import { idsOf, MessageLog, numbered } from './message-log.js';
import type { Scene } from './scene.js';

export const describePublishing = (scene: Scene): void => {
  describe('topics', () => {
    it('are created once, by however many ask', async () => {
      const { messaging } = await scene.open();
      const specification = [{ name: await scene.topic(3), partitions: 3 }];
      await Promise.all([messaging.ensureTopics(specification), messaging.ensureTopics(specification)]);
      await expect(messaging.ensureTopics(specification)).resolves.toBeUndefined();
    });

    it('with another number of partitions are refused', async () => {
      const { messaging } = await scene.open();
      const name = await scene.topic(3);
      await expect(messaging.ensureTopics([{ name, partitions: 4 }])).rejects.toBeInstanceOf(TopicMismatch);
    });

    it('that were never created take no messages', async () => {
      const { messaging } = await scene.open();
      await expect(messaging.publisher().publish(numbered('never-created', ['a'], 1))).rejects.toBeInstanceOf(Error);
    });
  });

  describe('publishing', () => {
    it('carries id, key, headers and value unchanged', async () => {
      const topic = await scene.topic();
      const { messaging } = await scene.open();
      const log = new MessageLog();
      const message = {
        id: '0199ed30-0000-7000-8000-000000000001',
        topic,
        key: 'site_ÄÖÜ',
        headers: { ce_id: '0199ed30-0000-7000-8000-000000000001', ce_actor: 'Zoë "Q" \\ 漢字', 'content-type': 'application/json' },
        value: JSON.stringify({ text: 'a\u0000b\ud800 \u{1f600}\r\n', long: 'x'.repeat(300_000) }),
      };
      await messaging.publisher().publish([message]);
      await messaging.consumer().subscribe({ group: scene.group(), topics: [topic] }, log.handle);
      await eventually('the message came', () => log.messages.length > 0);
      const { partition, offset, ...received } = log.messages[0] ?? {};
      expect(received).toEqual(message);
      expect([typeof partition, typeof offset]).toEqual(['number', 'string']);
    });

    it('keeps all messages of a key in one partition and in order, over many publishes', async () => {
      const topic = await scene.topic();
      const { messaging } = await scene.open();
      const publisher = messaging.publisher();
      const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
      const sent: OutgoingMessage[] = [];
      for (let round = 0; round < 5; round++) {
        const messages = numbered(topic, keys, 800, round * 20);
        await publisher.publish(messages);
        sent.push(...messages);
      }
      await publisher.publish([]);
      const log = new MessageLog();
      await messaging.consumer().subscribe({ group: scene.group(), topics: [topic] }, log.handle);
      await eventually('all came', () => log.hasAll(sent));
      for (const key of keys) {
        expect(log.firstOccurrences(key)).toEqual(idsOf(sent, key));
        expect(new Set(log.messages.filter((message) => message.key === key).map(({ partition }) => partition)).size).toBe(1);
      }
      expect(new Set(log.messages.map(({ partition }) => partition)).size).toBe(6);
    });

    it('of two publishers at once loses nothing, and keeps the order of each', async () => {
      const topic = await scene.topic(3);
      const [one, two] = [await scene.open(), await scene.open()];
      const log = new MessageLog();
      await one.messaging.consumer().subscribe({ group: scene.group(), topics: [topic] }, log.handle);
      const streams = [numbered(topic, ['a', 'b', 'c', 'd'], 400), numbered(topic, ['e', 'f', 'g', 'h'], 400)];
      const publish = async ({ messaging }: typeof one, messages: (typeof streams)[0]): Promise<void> => {
        const publisher = messaging.publisher();
        for (let at = 0; at < messages.length; at += 20) await publisher.publish(messages.slice(at, at + 20));
      };
      await Promise.all([publish(one, streams[0] ?? []), publish(two, streams[1] ?? [])]);
      const sent = streams.flat();
      await eventually('all came', () => log.hasAll(sent));
      for (const key of 'abcdefgh') expect(log.firstOccurrences(key)).toEqual(idsOf(sent, key));
    });
  });
};
