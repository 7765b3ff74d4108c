import type { Timestamp } from '../timestamp.js';
import type { SiteExecution } from './site-execution.state.js';

/** What the execution's own stream says, as far as the procedure depends on it. */
export interface ExecutionJournal {
  readonly prepared: boolean;
  readonly issued: { readonly at: Timestamp; readonly routerUptimeSeconds: number } | null;
  /** `unknown`: it has failed with `outcome_unknown`, and only a truth to `resolve` it with is looked for. */
  readonly outcome: 'open' | 'unknown' | 'known';
  readonly windowEndsAt: Timestamp;
  readonly abortIfOffline: boolean;
  readonly scriptTimeoutMillis: number;
}

export const journalOf = (execution: SiteExecution, scriptTimeoutMillis: number): ExecutionJournal => ({
  prepared: execution.prepared,
  issued: execution.issued,
  outcome: outcomeOf(execution),
  windowEndsAt: execution.windowEndsAt,
  abortIfOffline: execution.abortIfOffline,
  scriptTimeoutMillis,
});

const outcomeOf = ({ phase, failure }: SiteExecution): ExecutionJournal['outcome'] => {
  if (failure?.reason === 'outcome_unknown') return 'unknown';
  return phase === 'completed' || phase === 'failed' ? 'known' : 'open';
};
