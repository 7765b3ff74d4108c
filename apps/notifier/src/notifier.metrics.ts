import type { Metrics } from '@scheduled-scripts/platform';
import type { Database } from '@scheduled-scripts/postgres';

export const notifierMetrics = (metrics: Metrics, database: Database) => {
  metrics.gauge({
    name: 'scheduled_scripts_mails_waiting',
    help: 'Mails that have not been sent yet',
    collect: async (gauge) => {
      const [row] = await database.query<{ count: string }>('SELECT count(*) AS count FROM mails');
      gauge.set(Number(row?.count ?? 0));
    },
  });
  const mails = metrics.counter({
    name: 'scheduled_scripts_mails_total',
    help: 'Mails that were sent, tries that failed, mails for users without an address, and mails that came too late to be news',
    labelNames: ['result'],
  });
  return {
    sent: (): void => mails.inc({ result: 'sent' }),
    failed: (): void => mails.inc({ result: 'failed' }),
    outdated: (count: number): void => mails.inc({ result: 'outdated' }, count),
    unaddressed: (): void => mails.inc({ result: 'unaddressed' }),
  };
};
