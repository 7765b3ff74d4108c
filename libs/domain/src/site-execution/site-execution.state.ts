import type { Dated } from '../decider.js';
import type { Timestamp } from '../timestamp.js';
import type { FailureReason } from './failure-reason.js';
import type { BackupTaken, ExecutionOrder } from './site-execution.events.js';

export type ExecutionPhase = 'requested' | 'claimed' | 'prepared' | 'issued' | 'completed' | 'failed';

export interface SiteExecution extends ExecutionOrder, Dated {
  readonly phase: ExecutionPhase;
  readonly owner: string | null;
  readonly backup: BackupTaken | null;
  /** The journal that the verdict table asks for. `prepared` stays true after `issued`. */
  readonly prepared: boolean;
  readonly issued: { readonly at: Timestamp; readonly routerUptimeSeconds: number } | null;
  readonly failure: { readonly reason: FailureReason; readonly message: string | null } | null;
  readonly finishedAt: Timestamp | null;
}

/** `null` before the first event. */
export type SiteExecutionState = SiteExecution | null;
