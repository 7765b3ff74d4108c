import type { BackupTaken, DomainEvent, ExecutionState, FailureReason, ReadEvent, Timestamp } from '@scheduled-scripts/contracts';
import { BeginningMissing } from './scheduled-script.fold.js';

export type ExecutionEvent = Extract<DomainEvent, { type: `site-execution.${string}` }>;

export interface ExecutionRow {
  readonly id: string;
  readonly organizationId: string;
  readonly scriptId: string;
  readonly siteId: string;
  readonly kind: 'rollout' | 'test';
  readonly requestedAt: Timestamp;
  readonly revision: number;
  readonly state: ExecutionState;
  readonly reason: FailureReason | null;
  readonly message: string | null;
  readonly startedAt: Timestamp | null;
  readonly finishedAt: Timestamp | null;
  readonly backup: BackupTaken | null;
  /** The script's position when this row's JSON changed last. */
  readonly position: number;
}

const changed = (event: ExecutionEvent): Partial<ExecutionRow> => {
  switch (event.type) {
    case 'site-execution.requested.v1':
    case 'site-execution.claimed.v1':
      return {};
    case 'site-execution.prepared.v1':
      return { backup: event.data.backup };
    case 'site-execution.issued.v1':
      return { state: 'running', startedAt: event.at };
    case 'site-execution.completed.v1':
      return { state: 'completed', finishedAt: event.at };
    case 'site-execution.failed.v1':
      return { state: 'failed', reason: event.data.reason, message: event.data.message, finishedAt: event.at };
    // The end stays when it was: only what is known about it has changed.
    case 'site-execution.resolved.v1':
      if (event.data.outcome === 'completed') return { state: 'completed', reason: null, message: null };
      return { state: 'failed', reason: event.data.reason, message: event.data.message };
    default:
      return event satisfies never;
  }
};

/** The row after the event; the same row when it was there already. */
export const foldExecution = (
  row: ExecutionRow | undefined,
  { revision, stream, organizationId }: ReadEvent,
  event: ExecutionEvent,
): ExecutionRow => {
  if (row) return revision <= row.revision ? row : { ...row, ...changed(event), revision };
  if (event.type !== 'site-execution.requested.v1') throw new BeginningMissing(stream, revision);
  const { executionId, scriptId, siteId, kind } = event.data;
  return {
    id: executionId,
    organizationId,
    scriptId,
    siteId,
    kind,
    requestedAt: event.at,
    revision,
    state: 'pending',
    reason: null,
    message: null,
    startedAt: null,
    finishedAt: null,
    backup: null,
    position: 0,
  };
};
