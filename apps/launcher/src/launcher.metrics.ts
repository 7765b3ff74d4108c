import { ParkingLot, type ConsumerWorker } from '@scheduled-scripts/messaging';
import type { Metrics } from '@scheduled-scripts/platform';
import type { Database } from '@scheduled-scripts/postgres';

const count = async (database: Database, query: string): Promise<number> =>
  Number((await database.query<{ count: string }>(`SELECT count(*) AS count FROM ${query}`))[0]?.count ?? 0);

export const launcherMetrics = (metrics: Metrics, database: Database, group: string) => {
  metrics.gauge({
    name: 'scheduled_scripts_due_schedules',
    help: 'Authorized scripts that wait for their launch',
    collect: async (gauge) => gauge.set(await count(database, 'due_launches')),
  });
  metrics.gauge({
    name: 'scheduled_scripts_rollout_steps',
    help: 'Steps of rollouts, tests and aborts that wait or are under way',
    collect: async (gauge) => gauge.set(await count(database, 'rollout_work')),
  });
  const lot = new ParkingLot(database, group);
  metrics.gauge({
    name: 'scheduled_scripts_parked_keys',
    help: 'Keys whose messages are parked because one of them cannot be handled',
    collect: async (gauge) => gauge.set((await lot.count()).keys),
  });
  return {
    parked: metrics.counter({ name: 'scheduled_scripts_parkings_total', help: 'Messages that made their key be parked' }),
    fired: metrics.counter({
      name: 'scheduled_scripts_launches_total',
      help: 'Schedules that came due, launched or missed',
      labelNames: ['fired'],
    }),
    lateness: metrics.histogram({
      name: 'scheduled_scripts_launch_lateness_seconds',
      help: 'From launch_at to the stored launch',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 10, 60, 900],
    }),
    watchLag: (consumer: ConsumerWorker): void => {
      metrics.gauge({
        name: 'scheduled_scripts_consumer_lag_messages',
        help: 'Messages behind the newest, over this member’s partitions',
        labelNames: ['topic'],
        collect: async (gauge) => {
          for (const { topic, behind } of await consumer.lag()) gauge.set({ topic }, behind);
        },
      });
    },
  };
};
