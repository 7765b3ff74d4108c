import { describe, expect, it } from '@jest/globals';
import type { BatchHandler, Subscription } from '../messaging.js';
import { apart } from './delivery.contract.js';
import { eventually } from './eventually.js';
import { Gate } from './gate.js';
import { idsOf, MessageLog, numbered } from './message-log.js';
import type { Scene } from './scene.js';

export const describeGroups = (scene: Scene): void => {
  describe('a group', () => {
    it('brings the batch of a member that was killed in its midst to another one', async () => {
      const topic = await scene.topic();
      const group = scene.group();
      const [doomed, heir] = [await scene.open(), await scene.open()];
      const sent = numbered(topic, apart, 40);
      await heir.messaging.publisher().publish(sent);
      const begun = new MessageLog();
      const never: BatchHandler = async (batch, context) => {
        await begun.handle(batch, context);
        await new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(new Error('gave up'))));
      };
      await doomed.messaging.consumer().subscribe({ group, topics: [topic] }, never);
      await eventually('the handler runs', () => begun.messages.length > 0);
      doomed.cut();
      const log = new MessageLog();
      await heir.messaging.consumer().subscribe({ group, topics: [topic] }, log.handle);
      await eventually('all came to the other', () => log.hasAll(sent));
      for (const key of apart) expect(log.firstOccurrences(key)).toEqual(idsOf(sent, key));
    });

    it('shares its partitions among its members', async () => {
      const topic = await scene.topic();
      const group = scene.group();
      const clients = [await scene.open(), await scene.open(), await scene.open()];
      const subscriptions: Subscription[] = [];
      for (const { messaging } of clients) {
        subscriptions.push(await messaging.consumer().subscribe({ group, topics: [topic] }, new MessageLog().handle));
      }
      const shares = async (): Promise<string> =>
        (await Promise.all(subscriptions.map((one) => one.lag()))).map((lag) => lag.length).join();
      await eventually('three have two each', async () => (await shares()) === '2,2,2');
      await subscriptions.pop()?.stop();
      await eventually('two have three each', async () => (await shares()) === '3,3');
      expect(subscriptions.map((one) => one.isJoined())).toEqual([true, true]);
    });

    it('loses nothing and keeps the order of every key while members come, go and die', async () => {
      const topic = await scene.topic();
      const group = scene.group();
      const source = await scene.open();
      const log = new MessageLog();
      const join = async (): Promise<{ stop(): Promise<void>; cut(): void }> => {
        const client = await scene.open();
        const subscription = await client.messaging.consumer().subscribe({ group, topics: [topic], batchSize: 10 }, log.handle);
        return { stop: () => subscription.stop(), cut: () => client.cut() };
      };
      const publisher = source.messaging.publisher();
      const sent = numbered(topic, apart, 1_600);
      const steps: (() => Promise<unknown>)[] = [];
      const [first, second] = [await join(), await join()];
      steps.push(
        () => first.stop(),
        join,
        () => Promise.resolve(second.cut()),
        join,
      );
      for (let at = 0; at < sent.length; at += 100) {
        await publisher.publish(sent.slice(at, at + 100));
        if (at % 400 === 0) await steps.shift()?.();
        await eventually('some came', () => log.ids.size > at / 4);
      }
      await eventually('all came', () => log.hasAll(sent));
      for (const key of apart) expect(log.firstOccurrences(key)).toEqual(idsOf(sent, key));
    });

    it('takes a silent member for dead, tells it, and refuses its late commit', async () => {
      const topic = await scene.topic(1);
      const group = scene.group();
      const [sleeper, heir, third] = [await scene.open(), await scene.open(), await scene.open()];
      const sent = numbered(topic, ['a'], 3);
      await heir.messaging.publisher().publish(sent);
      let asleep: AbortSignal | undefined;
      const sleep = new Gate();
      await sleeper.messaging.consumer().subscribe({ group, topics: [topic] }, (_batch, { signal }) => {
        asleep ??= signal;
        return sleep.opened;
      });
      await eventually('it sleeps', () => asleep !== undefined);
      let taken = false;
      await heir.messaging.consumer().subscribe({ group, topics: [topic] }, async (_batch, context) => {
        taken = true;
        while (!context.signal.aborted) {
          await context.heartbeat();
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        throw new Error('gave up');
      });
      await eventually('another member has the batch', () => taken);
      await eventually('the sleeper was told', () => asleep?.aborted === true);
      sleep.open();
      // Were its commit accepted, nobody would see these messages again once the heir is gone.
      heir.cut();
      await sleeper.messaging.close();
      const log = new MessageLog();
      await third.messaging.consumer().subscribe({ group, topics: [topic] }, log.handle);
      await eventually('the batch came again', () => log.hasAll(sent));
      expect(log.firstOccurrences('a')).toEqual(idsOf(sent));
    });

    it('leaves a long batch to a member that shows signs of life', async () => {
      const topic = await scene.topic(2);
      const group = scene.group();
      const [slow, other] = [await scene.open(), await scene.open()];
      const log = new MessageLog();
      const options = { group, topics: [topic] };
      let begun = 0;
      const worker: BatchHandler = async (batch, context) => {
        begun++;
        const until = performance.now() + 2.5 * scene.leaseMillis;
        while (performance.now() < until) {
          await context.heartbeat();
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        await log.handle(batch, context);
      };
      const subscription = await slow.messaging.consumer().subscribe(options, worker);
      await eventually('it holds both', async () => (await subscription.lag()).length === 2);
      const sent = numbered(topic, ['a'], 3);
      await slow.messaging.publisher().publish(sent);
      await eventually('the handler runs', () => begun > 0);
      await other.messaging.consumer().subscribe(options, worker);
      await eventually('the batch was handled', () => log.hasAll(sent));
      expect([begun, log.messages.length]).toEqual([1, 3]);
    });
  });
};
