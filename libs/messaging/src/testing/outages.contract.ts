import { describe, expect, it } from '@jest/globals';
import { MessagingUnavailable, type OutgoingMessage } from '../messaging.js';
import { apart } from './delivery.contract.js';
import { eventually } from './eventually.js';
import { idsOf, MessageLog, numbered } from './message-log.js';
import type { Scene } from './scene.js';

export const describeOutages = (scene: Scene): void => {
  describe('an outage', () => {
    it('is told to the publisher, who goes on by publishing the same again', async () => {
      const topic = await scene.topic();
      const [client, observer] = [await scene.open(), await scene.open()];
      const log = new MessageLog();
      await observer.messaging.consumer().subscribe({ group: scene.group(), topics: [topic] }, log.handle);
      const publisher = client.messaging.publisher();
      const attempt = (messages: readonly OutgoingMessage[]): Promise<unknown> =>
        publisher.publish(messages).catch((error: unknown) => error);
      const sent = numbered(topic, apart, 300);
      const [before, underWay, after] = [sent.slice(0, 100), sent.slice(100, 200), sent.slice(200)];
      await publisher.ping();
      expect(await attempt(before)).toBeUndefined();
      const unknown = attempt(underWay);
      client.cut();
      await unknown;
      expect(await attempt(underWay)).toBeInstanceOf(MessagingUnavailable);
      await expect(publisher.ping()).rejects.toBeInstanceOf(MessagingUnavailable);
      client.restore();
      await eventually('it is published', async () => (await attempt(underWay)) === undefined);
      expect(await attempt(after)).toBeUndefined();
      await eventually('all came', () => log.hasAll(sent));
      for (const key of apart) expect(log.firstOccurrences(key)).toEqual(idsOf(sent, key));
    });

    it('is got over by a consumer alone, which says meanwhile that it is not there', async () => {
      const topic = await scene.topic();
      const [client, source] = [await scene.open(), await scene.open()];
      const log = new MessageLog();
      const subscription = await client.messaging.consumer().subscribe({ group: scene.group(), topics: [topic] }, log.handle);
      await eventually('it has joined', () => subscription.isJoined());
      const publisher = source.messaging.publisher();
      const before = numbered(topic, apart, 50);
      await publisher.publish(before);
      await eventually('the first came', () => log.hasAll(before));
      client.cut();
      const during = numbered(topic, apart, 50);
      await publisher.publish(during);
      await eventually('it is missing', () => !subscription.isJoined());
      client.restore();
      await eventually('it is back', () => subscription.isJoined());
      await eventually('all came', () => log.hasAll(during));
      for (const key of apart) expect(log.firstOccurrences(key)).toEqual(idsOf([...before, ...during], key));
    });
  });
};
