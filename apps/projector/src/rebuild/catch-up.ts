import { setTimeout as pause } from 'node:timers/promises';
import { topicSpecifications } from '@scheduled-scripts/contracts';
import type { BatchHandler, Subscription } from '@scheduled-scripts/messaging';

const everyMillis = 100;
const partitions = topicSpecifications.reduce((sum, topic) => sum + topic.partitions, 0);

interface Handled {
  readonly messages: number;
  /** Offsets of the last batch: it comes again, whole or in part, when its commit has failed. */
  readonly last: ReadonlySet<string>;
}

/** Counts what the only member of a group has handled, and tells when that is all there was at a moment. */
export class CatchUp {
  private readonly handled = new Map<string, Handled>();

  /** The handler to subscribe with. */
  count(handle: BatchHandler): BatchHandler {
    return async (batch, context) => {
      await handle(batch, context);
      const partition = `${batch.topic}/${batch.partition}`;
      const before = this.handled.get(partition);
      const fresh = batch.messages.filter(({ offset }) => !before?.last.has(offset));
      const messages = (before?.messages ?? 0) + fresh.length;
      this.handled.set(partition, { messages, last: new Set(batch.messages.map(({ offset }) => offset)) });
    };
  }

  /**
   * Resolves once everything that is on the topics now has been handled, however much comes meanwhile. Rejects with the signal's
   * reason when it aborts before.
   */
  async reach(subscription: Subscription, signal: AbortSignal, onProgress?: (behind: number) => void): Promise<void> {
    const open = new Map(
      [...(await this.behind(subscription, signal))].map(([partition, behind]) => [partition, this.messages(partition) + behind]),
    );
    for (;;) {
      const behind = await this.behind(subscription, signal);
      for (const [partition, target] of open) {
        // What was handled while the first look was under way is in the target twice: then only the end of the partition tells.
        if (behind.get(partition) === 0 || this.messages(partition) >= target) open.delete(partition);
      }
      if (open.size === 0) return;
      onProgress?.([...behind.values()].reduce((sum, count) => sum + count, 0));
      await pause(everyMillis, undefined, { signal });
    }
  }

  private messages(partition: string): number {
    return this.handled.get(partition)?.messages ?? 0;
  }

  /** By partition. A member that does not hold all partitions yet knows nothing of the others. */
  private async behind(subscription: Subscription, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    for (;;) {
      signal.throwIfAborted();
      const lag = await subscription.lag();
      if (lag.length === partitions) return new Map(lag.map(({ topic, partition, behind }) => [`${topic}/${partition}`, behind]));
      await pause(everyMillis, undefined, { signal });
    }
  }
}
