import { describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { MessageBatch } from '../messaging.js';
import { eventually } from './eventually.js';
import { Gate } from './gate.js';
import { idsOf, MessageLog, numbered } from './message-log.js';
import type { Scene } from './scene.js';

/** Keys that lie in different partitions of a topic of six. */
export const apart = ['key-0', 'key-1', 'key-2', 'key-3', 'key-4', 'key-5', 'key-6', 'key-7'];

export const describeDelivery = (scene: Scene): void => {
  describe('delivery', () => {
    it('hands over batches of one partition, never empty, never larger than asked for, one at a time', async () => {
      const topic = await scene.topic();
      const { messaging } = await scene.open();
      const sent = numbered(topic, apart, 400);
      await messaging.publisher().publish(sent);
      const log = new MessageLog();
      const busy = new Set<number>();
      const complaints: string[] = [];
      const check = ({ topic: of, partition, messages }: MessageBatch): void => {
        if (messages.length < 1 || messages.length > 7) complaints.push(`a batch of ${messages.length}`);
        if (busy.has(partition)) complaints.push(`two batches of partition ${partition} at once`);
        if (of !== topic || messages.some((message) => message.partition !== partition)) complaints.push('a stranger in the batch');
      };
      await messaging.consumer().subscribe({ group: scene.group(), topics: [topic], batchSize: 7 }, async (batch, context) => {
        check(batch);
        busy.add(batch.partition);
        await pause(1);
        await log.handle(batch, context);
        busy.delete(batch.partition);
      });
      await eventually('all came', () => log.hasAll(sent));
      expect(complaints).toEqual([]);
      expect(log.messages.length).toBe(sent.length);
    });

    it('brings a rejected batch again, in order, while other partitions go on', async () => {
      const topic = await scene.topic();
      const { messaging } = await scene.open();
      const sent = numbered(topic, apart, 80);
      await messaging.publisher().publish(sent);
      const [stuckKey, otherKey] = ['key-0', 'key-1'];
      const log = new MessageLog();
      let failures = 0;
      await messaging.consumer().subscribe({ group: scene.group(), topics: [topic], batchSize: 3 }, (batch, context) => {
        const blocked = batch.messages.some(({ key }) => key === stuckKey) && !log.hasAll(sent.filter(({ key }) => key === otherKey));
        if (blocked || failures % 5 === 1) {
          failures++;
          return Promise.reject(new Error('not now'));
        }
        failures += failures > 0 && failures < 20 ? 1 : 0;
        return log.handle(batch, context);
      });
      await eventually('all came', () => log.hasAll(sent));
      for (const key of apart) expect(log.firstOccurrences(key)).toEqual(idsOf(sent, key));
    });

    it('handles different partitions side by side', async () => {
      const topic = await scene.topic();
      const { messaging } = await scene.open();
      await messaging.publisher().publish(numbered(topic, apart, 40));
      const inside = new Set<number>();
      let met = false;
      await messaging.consumer().subscribe({ group: scene.group(), topics: [topic] }, async ({ partition }) => {
        inside.add(partition);
        await eventually('another partition is being handled too', () => met || inside.size > 1);
        met = true;
        inside.delete(partition);
      });
      await eventually('two met', () => met);
      expect(met).toBe(true);
    });

    it('commits what has been handled: a group goes on where it was', async () => {
      const topic = await scene.topic();
      const group = scene.group();
      const { messaging } = await scene.open();
      const first = numbered(topic, apart, 100);
      await messaging.publisher().publish(first);
      const before = new MessageLog();
      const subscription = await messaging.consumer().subscribe({ group, topics: [topic] }, before.handle);
      await eventually('the first came', () => before.hasAll(first));
      await subscription.stop();
      const second = numbered(topic, apart, 50);
      await messaging.publisher().publish(second);
      const after = new MessageLog();
      await messaging.consumer().subscribe({ group, topics: [topic] }, after.handle);
      await eventually('the second came', () => after.hasAll(second));
      expect([...after.ids].sort()).toEqual([...idsOf(second)].sort());
    });

    it('lets a running handler end when it is told to stop, and commits its batch', async () => {
      const topic = await scene.topic();
      const group = scene.group();
      const { messaging } = await scene.open();
      const sent = numbered(topic, ['a'], 5);
      await messaging.publisher().publish(sent);
      let signal: AbortSignal | undefined;
      const gate = new Gate();
      const subscription = await messaging.consumer().subscribe({ group, topics: [topic] }, (_batch, context) => {
        ({ signal } = context);
        return gate.opened;
      });
      await eventually('the handler runs', () => signal !== undefined);
      const stopped = subscription.stop();
      await eventually('the handler is told', () => signal?.aborted === true);
      expect(subscription.isJoined()).toBe(false);
      gate.open();
      await stopped;
      const next = numbered(topic, ['a'], 1);
      await messaging.publisher().publish(next);
      const log = new MessageLog();
      await messaging.consumer().subscribe({ group, topics: [topic] }, log.handle);
      await eventually('the next came', () => log.hasAll(next));
      expect(log.messages.map(({ id }) => id)).toEqual(idsOf(next));
    });

    it('gives every group every message', async () => {
      const topics = [await scene.topic(), await scene.topic(2)];
      const { messaging } = await scene.open();
      const sent = topics.flatMap((topic) => numbered(topic, apart, 100));
      await messaging.publisher().publish(sent);
      const logs = [new MessageLog(), new MessageLog(), new MessageLog()];
      await Promise.all(logs.map((log) => messaging.consumer().subscribe({ group: scene.group(), topics }, log.handle)));
      await eventually('all came everywhere', () => logs.every((log) => log.hasAll(sent)));
      expect(logs.map(({ ids }) => ids.size)).toEqual([200, 200, 200]);
    });

    it('starts a new group at the end when it asks for the latest', async () => {
      const topic = await scene.topic();
      const { messaging } = await scene.open();
      const publisher = messaging.publisher();
      const old = numbered(topic, apart, 100);
      await publisher.publish(old);
      const log = new MessageLog();
      const subscription = await messaging.consumer().subscribe({ group: scene.group(), topics: [topic], from: 'latest' }, log.handle);
      await eventually('the member has joined', () => subscription.isJoined());
      const fresh = numbered(topic, ['key-0'], 1);
      await publisher.publish(fresh);
      await eventually('the new one came', () => log.hasAll(fresh));
      expect(idsOf(old).filter((id) => log.ids.has(id))).toEqual([]);
    });

    it('tells how far behind a member is', async () => {
      const topic = await scene.topic();
      const { messaging } = await scene.open();
      const publisher = messaging.publisher();
      const log = new MessageLog();
      const gate = new Gate();
      const subscription = await messaging.consumer().subscribe({ group: scene.group(), topics: [topic] }, async (batch, context) => {
        await gate.opened;
        await log.handle(batch, context);
      });
      const behind = async (): Promise<number> => (await subscription.lag()).reduce((sum, partition) => sum + partition.behind, 0);
      await eventually('every partition is there', async () => (await subscription.lag()).length === 6);
      const sent = numbered(topic, apart, 60);
      await publisher.publish(sent);
      await eventually('all are behind', async () => (await behind()) === 60);
      gate.open();
      await eventually('none is behind', async () => (await behind()) === 0);
      expect(log.hasAll(sent)).toBe(true);
    });
  });
};
