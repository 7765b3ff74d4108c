import { laterOf } from '../timestamp.js';
import type { ExecutionPhase, SiteExecution, SiteExecutionState } from './site-execution.state.js';
import type { SiteExecutionEvent } from './site-execution.events.js';

type Requested = Extract<SiteExecutionEvent, { type: 'site-execution.requested.v1' }>;
type Later = Exclude<SiteExecutionEvent, Requested>;

export const evolveSiteExecution = (state: SiteExecutionState, event: SiteExecutionEvent): SiteExecutionState => {
  if (event.type === 'site-execution.requested.v1') return state ?? requested(event);
  return state === null ? null : { ...changed(state, event), lastAt: laterOf(state.lastAt, event.at) };
};

const requested = ({ data, at }: Requested): SiteExecution => ({
  ...data,
  phase: 'requested',
  owner: null,
  backup: null,
  prepared: false,
  issued: null,
  failure: null,
  finishedAt: null,
  lastAt: at,
});

const changed = (execution: SiteExecution, event: Later): SiteExecution => {
  switch (event.type) {
    case 'site-execution.claimed.v1':
      return { ...execution, owner: event.data.owner, phase: phaseOnceClaimed(execution) };
    case 'site-execution.prepared.v1':
      return { ...execution, phase: 'prepared', prepared: true, backup: event.data.backup };
    case 'site-execution.issued.v1':
      return { ...execution, phase: 'issued', issued: { at: event.at, routerUptimeSeconds: event.data.routerUptimeSeconds } };
    case 'site-execution.completed.v1':
      return { ...execution, phase: 'completed', finishedAt: event.at };
    case 'site-execution.failed.v1': {
      const { reason, message } = event.data;
      return { ...execution, phase: 'failed', failure: { reason, message }, finishedAt: event.at };
    }
    // The end stays when it was: only what is known about it has changed.
    case 'site-execution.resolved.v1': {
      if (event.data.outcome === 'completed') return { ...execution, phase: 'completed', failure: null };
      const { reason, message } = event.data;
      return { ...execution, phase: 'failed', failure: { reason, message } };
    }
    default:
      return event satisfies never;
  }
};

/** A new owner inherits what the last one did on the router. */
const phaseOnceClaimed = (execution: SiteExecution): ExecutionPhase => (execution.phase === 'requested' ? 'claimed' : execution.phase);
