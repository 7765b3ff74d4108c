import type { Metrics } from '@scheduled-scripts/platform';
import type { Database } from '@scheduled-scripts/postgres';
import type { DirectorySiteNames } from './sites/directory.site-names.js';

export const notifierMetrics = (metrics: Metrics, database: Database, siteNames: Pick<DirectorySiteNames, 'canBeRead'>) => {
  metrics.gauge({
    name: 'scheduled_scripts_mails_waiting',
    help: 'Mails that have not been sent yet',
    collect: async (gauge) => {
      const [row] = await database.query<{ count: string }>('SELECT count(*) AS count FROM mails');
      gauge.set(Number(row?.count ?? 0));
    },
  });
  metrics.gauge({
    name: 'scheduled_scripts_oldest_waiting_mail_seconds',
    help: 'How long ago the mail that waits longest was written; 0 when none waits',
    collect: async (gauge) => {
      const [row] = await database.query<{ seconds: number | null }>(
        `SELECT extract(epoch FROM now() - min((payload->>'at')::timestamptz))::float8 AS seconds FROM mails`,
      );
      gauge.set(Math.max(0, row?.seconds ?? 0));
    },
  });
  metrics.gauge({
    name: 'scheduled_scripts_site_names_readable',
    help: '1 if mails can name sites, 0 if they have ids alone',
    collect: async (gauge) => gauge.set((await siteNames.canBeRead()) ? 1 : 0),
  });
  const mails = metrics.counter({
    name: 'scheduled_scripts_mails_total',
    help: 'Mails that were sent, tries that failed, mails that were refused for good, for users without an address, and too late to be news',
    labels: { result: ['sent', 'failed', 'refused', 'outdated', 'unaddressed'] },
  });
  return {
    sent: (): void => mails.inc({ result: 'sent' }),
    failed: (): void => mails.inc({ result: 'failed' }),
    refused: (): void => mails.inc({ result: 'refused' }),
    outdated: (count: number): void => mails.inc({ result: 'outdated' }, count),
    unaddressed: (): void => mails.inc({ result: 'unaddressed' }),
  };
};
