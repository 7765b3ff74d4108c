import { siteCheckProblemCodes, type SiteCheckJson } from '@scheduled-scripts/contracts';
import type { Metrics } from '@scheduled-scripts/platform';

/** Counts what the checks of sites have found first. */
export const siteCheckMetrics = (metrics: Metrics): ((check: SiteCheckJson) => void) => {
  const checks = metrics.counter({
    name: 'scheduled_scripts_site_checks_total',
    help: 'Checks of sites, by the first problem that was found',
    labels: { problem: ['none', ...siteCheckProblemCodes] },
  });
  return ({ problems: [first] }) => checks.inc({ problem: first?.code ?? 'none' });
};
