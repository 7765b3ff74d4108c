import type { ScheduledScript } from './scheduled-script/scheduled-script.state.js';
import type { ExecutionPhase } from './site-execution/site-execution.state.js';

/** The contract's states of a site's execution (section 6). */
export type ExecutionState = 'pending' | 'running' | 'completed' | 'failed';

export const executionStateOf = (phase: ExecutionPhase): ExecutionState => {
  switch (phase) {
    case 'requested':
    case 'claimed':
    case 'prepared':
      return 'pending';
    case 'issued':
      return 'running';
    case 'completed':
    case 'failed':
      return phase;
    default:
      return phase satisfies never;
  }
};

/** Lists of site ids in the order of the script's `sites`. */
export interface Progress {
  readonly completed: readonly string[];
  readonly failed: readonly string[];
  readonly pending: readonly string[];
}

/**
 * Empty before launch; after it the three lists are disjoint and together are `sites`. A site without a terminal execution is
 * pending, running or not. Tests count for nothing.
 */
export const progressOf = (
  script: Pick<ScheduledScript, 'status' | 'sites'>,
  executions: Iterable<{ readonly siteId: string; readonly kind: 'rollout' | 'test'; readonly state: ExecutionState }>,
): Progress => {
  if (script.status !== 'launched') return { completed: [], failed: [], pending: [] };
  const states = new Map<string, ExecutionState>();
  for (const { siteId, kind, state } of executions) if (kind === 'rollout') states.set(siteId, state);
  const inState = (...wanted: readonly (ExecutionState | undefined)[]): string[] =>
    script.sites.filter((siteId) => wanted.includes(states.get(siteId)));
  return { completed: inState('completed'), failed: inState('failed'), pending: inState('pending', 'running', undefined) };
};
