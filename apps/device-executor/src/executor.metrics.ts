import type { Finish } from '@scheduled-scripts/domain';
import type { Metrics } from '@scheduled-scripts/platform';
import type { Database } from '@scheduled-scripts/postgres';

const number = async (database: Database, query: string): Promise<number> =>
  Number((await database.query<{ value: string | null }>(query))[0]?.value ?? 0);

export const executorMetrics = (metrics: Metrics, database: Database) => {
  metrics.gauge({
    name: 'scheduled_scripts_open_executions',
    help: 'Executions that have not ended, or whose outcome is still looked for',
    collect: async (gauge) => gauge.set(await number(database, 'SELECT count(*) AS value FROM executions')),
  });
  metrics.gauge({
    name: 'scheduled_scripts_oldest_overdue_execution_seconds',
    help: 'How long the longest waiting execution that nobody works on has been due',
    collect: async (gauge) =>
      gauge.set(
        Math.max(0, await number(database, 'SELECT extract(epoch FROM now() - min(due_at)) AS value FROM executions WHERE owner IS NULL')),
      ),
  });
  const outcomes = metrics.counter({
    name: 'scheduled_scripts_outcomes_total',
    help: 'How executions ended',
    labelNames: ['outcome'],
  });
  return {
    ended: (finish: Finish): void => outcomes.inc({ outcome: finish.outcome === 'completed' ? 'completed' : finish.reason }),
    parked: metrics.counter({ name: 'scheduled_scripts_parkings_total', help: 'Messages that made their key be parked' }),
  };
};
