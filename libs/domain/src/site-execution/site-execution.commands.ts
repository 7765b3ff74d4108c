import type { Timestamp } from '../timestamp.js';
import type { FailureReason } from './failure-reason.js';
import type { BackupTaken, ExecutionOrder } from './site-execution.events.js';

interface Command<Type extends string> {
  readonly type: Type;
  readonly at: Timestamp;
  readonly by: string;
}

export type SiteExecutionCommand =
  /** Asking twice is asking once: the same order again is accepted with no event. */
  | (Command<'request'> & { readonly order: ExecutionOrder })
  /** A new owner may claim at any time before the end; an owner who claims again gets no event. */
  | (Command<'claim'> & { readonly owner: string })
  /** Needs the backup if one was ordered; again, it is a new fact only with another backup. */
  | (Command<'prepare'> & { readonly owner: string; readonly backup: BackupTaken | null })
  /** Refused to anybody but the owner, twice, at or after the window's end. */
  | (Command<'issue'> & { readonly owner: string; readonly routerUptimeSeconds: number })
  | (Command<'complete'> & { readonly owner: string })
  /** `already_issued` or `not_issued` for a reason that the journal contradicts (`startSaidBy`). */
  | (Command<'fail'> & { readonly owner: string; readonly reason: FailureReason; readonly message: string | null })
  /** Withdraws it if nothing was issued; otherwise `already_issued`. */
  | Command<'abort'>
  /** Only after `outcome_unknown`. */
  | (Command<'resolve'> &
      (
        { readonly outcome: 'completed' } | { readonly outcome: 'failed'; readonly reason: FailureReason; readonly message: string | null }
      ));

export type SiteExecutionRejection =
  | { readonly code: 'execution_not_found' }
  | { readonly code: 'execution_order_differs' }
  | { readonly code: 'execution_finished' }
  | { readonly code: 'not_owner'; readonly owner: string | null }
  | { readonly code: 'not_prepared' }
  | { readonly code: 'already_issued' }
  | { readonly code: 'not_issued' }
  | { readonly code: 'window_closed' }
  | { readonly code: 'outcome_known' };
