import type { SiteExecution } from '@scheduled-scripts/client';

export type Execution = SiteExecution;

export interface ExpectedOutcome {
  readonly siteId: string;
  readonly name: string;
  /** `null`: whatever a real router answers. */
  readonly expected: 'completed' | 'offline' | 'script_error' | null;
}

/** Of the two faulty ones among the simulated routers, one refuses connections and one fails the script. */
export const expectations: Readonly<Record<string, ExpectedOutcome['expected']>> = {
  'router-11': 'offline',
  'router-12': 'script_error',
};

const outcomeOf = ({ state, reason }: SiteExecution): string => (state === 'failed' ? (reason ?? 'failed') : state);

const inWords = (execution: SiteExecution): string => {
  const { duration_ms: millis, message, backup } = execution;
  const took = millis === null ? '' : ` in ${millis} ms`;
  const kept = backup === null ? '' : `, backup of ${backup.bytes} bytes`;
  return `${outcomeOf(execution)}${took}${kept}${message === null ? '' : `: ${message}`}`;
};

/** Says how each site ended; answers what should have been otherwise. */
export const judge = (targets: readonly ExpectedOutcome[], executions: readonly SiteExecution[], say: (line: string) => void): string[] => {
  const bySite = new Map(executions.map((execution) => [execution.site_id, execution]));
  return targets.flatMap(({ siteId, name, expected }) => {
    const execution = bySite.get(siteId);
    say(`${name.padEnd(12)} ${execution ? inWords(execution) : 'missing'}`);
    const outcome = execution ? outcomeOf(execution) : 'missing';
    if (expected !== null && outcome !== expected) return [`${name} ended ${outcome} instead of ${expected}`];
    return outcome === 'completed' && execution?.backup === null ? [`${name} has no backup`] : [];
  });
};
