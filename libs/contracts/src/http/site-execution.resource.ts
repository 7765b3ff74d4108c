import { millisOf, type BackupTaken, type ExecutionState, type FailureReason, type Timestamp } from '@scheduled-scripts/domain';

/** All that an execution's JSON is made of. `startedAt`: when its script was issued. */
export interface SiteExecutionView {
  readonly id: string;
  readonly siteId: string;
  readonly kind: 'rollout' | 'test';
  readonly state: ExecutionState;
  readonly reason: FailureReason | null;
  readonly message: string | null;
  readonly startedAt: Timestamp | null;
  readonly finishedAt: Timestamp | null;
  readonly backup: BackupTaken | null;
}

export interface SiteExecutionJson {
  readonly id: string;
  readonly site_id: string;
  readonly kind: 'rollout' | 'test';
  readonly state: ExecutionState;
  readonly reason: FailureReason | null;
  readonly message: string | null;
  readonly started_at: Timestamp | null;
  readonly finished_at: Timestamp | null;
  readonly duration_ms: number | null;
  readonly backup: { readonly sha256: string; readonly bytes: number; readonly taken_at: Timestamp } | null;
}

export const siteExecutionJson = (view: SiteExecutionView): SiteExecutionJson => ({
  id: view.id,
  site_id: view.siteId,
  kind: view.kind,
  state: view.state,
  reason: view.reason,
  message: view.message,
  started_at: view.startedAt,
  finished_at: view.finishedAt,
  // Two processes may have written the two, each by its own clock.
  duration_ms: view.startedAt && view.finishedAt ? Math.max(0, millisOf(view.finishedAt) - millisOf(view.startedAt)) : null,
  backup: view.backup && { sha256: view.backup.sha256, bytes: view.backup.bytes, taken_at: view.backup.takenAt },
});
