import type { Metrics } from '@scheduled-scripts/platform';
import type { Database } from '@scheduled-scripts/postgres';

const count = async (database: Database, table: string): Promise<number> =>
  Number((await database.query<{ count: string }>(`SELECT count(*) AS count FROM ${table}`))[0]?.count ?? 0);

export const launcherMetrics = (metrics: Metrics, database: Database) => {
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
  const launches = metrics.counter({
    name: 'scheduled_scripts_launches_total',
    help: 'Schedules that came due, launched or missed',
    labels: { fired: ['launched', 'missed'] },
  });
  const lateness = metrics.histogram({
    name: 'scheduled_scripts_launch_lateness_seconds',
    help: 'From launch_at to the stored launch',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 10, 60, 900],
  });
  return {
    fired: (fired: 'launched' | 'missed', lateMillis: number): void => {
      launches.inc({ fired });
      if (fired === 'launched') lateness.observe(lateMillis / 1_000);
    },
  };
};
