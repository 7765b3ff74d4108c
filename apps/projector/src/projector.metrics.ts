import { ParkingLot } from '@scheduled-scripts/messaging';
import type { Metrics } from '@scheduled-scripts/platform';
import type { Database } from '@scheduled-scripts/postgres';
import { groupOf } from './feed/feed.js';
import type { LiveFeed } from './feed/live-feed.worker.js';

export const projectorMetrics = (metrics: Metrics) => ({
  applied: metrics.counter({
    name: 'scheduled_scripts_projected_events_total',
    help: 'Events that were applied to the read model, repeats too',
  }),
  unknown: metrics.counter({ name: 'scheduled_scripts_unknown_events_total', help: 'Events of types that this release does not know' }),
  parked: metrics.counter({ name: 'scheduled_scripts_parkings_total', help: 'Messages that made their key be parked' }),
});

export const watchFeed = (metrics: Metrics, database: Database, feed: LiveFeed): void => {
  metrics.gauge({
    name: 'scheduled_scripts_consumer_lag_messages',
    help: 'Messages behind the newest, over this member’s partitions',
    labelNames: ['topic'],
    collect: async (gauge) => {
      gauge.reset();
      for (const [topic, behind] of await feed.lag()) gauge.set({ topic }, behind);
    },
  });
  metrics.gauge({
    name: 'scheduled_scripts_read_model_generation',
    help: 'The generation that is fed; 0 for none',
    collect: (gauge) => gauge.set(feed.generation ?? 0),
  });
  metrics.gauge({
    name: 'scheduled_scripts_parked_keys',
    help: 'Keys whose messages are parked because one of them cannot be applied',
    collect: async (gauge) => {
      const parked = feed.generation === null ? { keys: 0 } : await new ParkingLot(database, groupOf(feed.generation)).count();
      gauge.set(parked.keys);
    },
  });
};
