import type { Metrics } from '@scheduled-scripts/platform';
import type { LiveFeed } from './feed/live-feed.worker.js';

export const projectorMetrics = (metrics: Metrics) => {
  const applied = metrics.counter({
    name: 'scheduled_scripts_projected_events_total',
    help: 'Events that were applied to the read model, repeats too',
  });
  return {
    applied: (events: number): void => applied.inc(events),
    watch: (feed: LiveFeed): void => {
      metrics.gauge({
        name: 'scheduled_scripts_read_model_generation',
        help: 'The generation that is fed; 0 for none',
        collect: (gauge) => gauge.set(feed.generation ?? 0),
      });
    },
  };
};
