import type { Metrics } from '@scheduled-scripts/platform';
import type { Database } from '@scheduled-scripts/postgres';
import { outcomes, type Outcome } from './work/summarize.js';
import { fallbackReasons, type FallbackReason } from './writer/first-choice.summary-writer.js';
import { writerNames, type WriterName } from './writer/summary-writer.js';

export const summarizerMetrics = (metrics: Metrics, database: Database) => {
  metrics.gauge({
    name: 'scheduled_scripts_summaries_waiting',
    help: 'Texts that have not been summarized yet',
    collect: async (gauge) => {
      const [row] = await database.query<{ count: string }>('SELECT count(*) AS count FROM summary_work');
      gauge.set(Number(row?.count ?? 0));
    },
  });
  const summaries = metrics.counter({
    name: 'scheduled_scripts_summaries_total',
    help: 'Texts that were dealt with: summarized, found summarized already, changed before their turn came, and tries that failed',
    labels: { result: [...outcomes, 'failed'] },
  });
  const written = metrics.counter({
    name: 'scheduled_scripts_summaries_written_total',
    help: 'Summaries that were written, by who wrote them',
    labels: { writer: writerNames },
  });
  const fallbacks = metrics.counter({
    name: 'scheduled_scripts_summary_fallbacks_total',
    help: 'Summaries that the explainer wrote because the language model could not, by what was wrong',
    labels: { reason: fallbackReasons },
  });
  return {
    dealtWith: (outcome: Outcome): void => summaries.inc({ result: outcome }),
    failed: (): void => summaries.inc({ result: 'failed' }),
    written: (writer: WriterName): void => written.inc({ writer }),
    fellBack: (reason: FallbackReason): void => fallbacks.inc({ reason }),
  };
};
