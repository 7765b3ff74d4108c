import { failureReasons, type Finish } from '@scheduled-scripts/domain';
import type { Metrics } from '@scheduled-scripts/platform';
import type { Database } from '@scheduled-scripts/postgres';
import { searching } from './procedure/execute.js';

const number = async (database: Database, query: string, ...parameters: readonly unknown[]): Promise<number> =>
  Number((await database.query<{ value: string | null }>(query, parameters))[0]?.value ?? 0);

const outcomes = ['completed', ...failureReasons];

const outcomeOf = (finish: Finish): string => (finish.outcome === 'completed' ? 'completed' : finish.reason);

export const deviceExecutorMetrics = (metrics: Metrics, database: Database) => {
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
  metrics.gauge({
    name: 'scheduled_scripts_unknown_outcomes',
    help: 'Executions that have ended with an unknown outcome, and whose truth is looked for',
    collect: async (gauge) => gauge.set(await number(database, 'SELECT count(*) AS value FROM executions WHERE payload @> $1', searching)),
  });
  const ends = metrics.counter({
    name: 'scheduled_scripts_outcomes_total',
    help: 'How executions ended',
    labels: { outcome: outcomes },
  });
  const resolutions = metrics.counter({
    name: 'scheduled_scripts_resolutions_total',
    help: 'Truths about unknown outcomes, found later',
    labels: { outcome: outcomes },
  });
  return {
    ended: (finish: Finish): void => ends.inc({ outcome: outcomeOf(finish) }),
    resolved: (finish: Finish): void => resolutions.inc({ outcome: outcomeOf(finish) }),
    unreadable: metrics.counter({
      name: 'scheduled_scripts_unreadable_credentials_total',
      help: 'Tries that came to nothing because the password of a site cannot be opened with the keys at hand',
    }),
    failures: metrics.counter({
      name: 'scheduled_scripts_execution_errors_total',
      help: 'Errors that nobody foresaw; the execution is tried again',
    }),
  };
};
