export interface ExpectedOutcome {
  readonly siteId: string;
  readonly name: string;
  /** `null`: whatever a real router answers. */
  readonly expected: 'completed' | 'offline' | 'script_error' | null;
}

/** A row of `GET …/{id}/executions`. */
export interface Execution {
  readonly id: string;
  readonly site_id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly duration_ms: number | null;
  readonly backup: { readonly bytes: number } | null;
}

/** Of the two faulty ones among the simulated routers, one refuses connections and one fails the script. */
export const expectations: Readonly<Record<string, ExpectedOutcome['expected']>> = {
  'router-11': 'offline',
  'router-12': 'script_error',
};

const outcomeOf = ({ state, reason }: Execution): string => (state === 'failed' ? (reason ?? 'failed') : state);

const inWords = (execution: Execution): string => {
  const { duration_ms: millis, message, backup } = execution;
  const took = millis === null ? '' : ` in ${millis} ms`;
  const kept = backup === null ? '' : `, backup of ${backup.bytes} bytes`;
  return `${outcomeOf(execution)}${took}${kept}${message === null ? '' : `: ${message}`}`;
};

/** Says how each site ended; answers what should have been otherwise. */
export const judge = (targets: readonly ExpectedOutcome[], executions: readonly Execution[], say: (line: string) => void): string[] => {
  const bySite = new Map(executions.map((execution) => [execution.site_id, execution]));
  return targets.flatMap(({ siteId, name, expected }) => {
    const execution = bySite.get(siteId);
    say(`${name.padEnd(12)} ${execution ? inWords(execution) : 'missing'}`);
    const outcome = execution ? outcomeOf(execution) : 'missing';
    if (expected !== null && outcome !== expected) return [`${name} ended ${outcome} instead of ${expected}`];
    return outcome === 'completed' && execution?.backup === null ? [`${name} has no backup`] : [];
  });
};
