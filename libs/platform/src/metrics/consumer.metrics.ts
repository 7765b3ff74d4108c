import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics.js';

/** A service's place in its topics. Structural, because this library knows no messaging. */
export interface WatchedConsumer {
  /** Messages behind the newest, over this member's partitions; one entry a topic or one a partition. */
  lag(): Promise<readonly { readonly topic: string; readonly behind: number }[]>;
  /** Keys that wait because one of their messages cannot be handled. */
  parkedKeys(): Promise<number>;
}

/** What every service that consumes topics shows of that. */
export const consumerMetrics = (metrics: Metrics, logger: Logger) => {
  const parkings = metrics.counter({ name: 'scheduled_scripts_parkings_total', help: 'Messages that made their key be parked' });
  const unknown = metrics.counter({
    name: 'scheduled_scripts_unknown_events_total',
    help: 'Events of types that this release does not know',
  });
  return {
    skipped: (events: number): void => unknown.inc(events),
    parked: (message: { readonly topic: string; readonly id: string }, error: unknown): void => {
      parkings.inc();
      logger.error({ err: error, topic: message.topic, messageId: message.id }, 'a message cannot be handled: its key is parked');
    },
    watch: (consumer: WatchedConsumer): void => {
      metrics.gauge({
        name: 'scheduled_scripts_consumer_lag_messages',
        help: 'Messages behind the newest, over this member’s partitions',
        labelNames: ['topic'],
        collect: async (gauge) => {
          const partitions = await consumer.lag();
          gauge.reset();
          for (const { topic, behind } of partitions) gauge.inc({ topic }, behind);
        },
      });
      metrics.gauge({
        name: 'scheduled_scripts_parked_keys',
        help: 'Keys whose messages are parked because one of them cannot be handled',
        collect: async (gauge) => gauge.set(await consumer.parkedKeys()),
      });
    },
  };
};
