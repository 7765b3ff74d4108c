/** The contract's closed list (section 6) of why a script did not complete at a site. */
export const failureReasons = [
  'offline',
  'unreachable',
  'login_failed',
  'tls_untrusted',
  'wrong_device',
  'site_removed',
  'backup_failed',
  'syntax_error',
  'script_error',
  'timeout',
  'aborted',
  'not_started',
  'outcome_unknown',
] as const;

export type FailureReason = (typeof failureReasons)[number];

/** What a reason says about the start: that it was never issued, that it was, or neither. A failure may not contradict the journal. */
export const startSaidBy = (reason: FailureReason): 'never issued' | 'issued' | 'either' => {
  switch (reason) {
    case 'script_error':
    case 'timeout':
      return 'issued';
    case 'not_started':
    case 'outcome_unknown':
      return 'either';
    case 'offline':
    case 'unreachable':
    case 'login_failed':
    case 'tls_untrusted':
    case 'wrong_device':
    case 'site_removed':
    case 'backup_failed':
    case 'syntax_error':
    case 'aborted':
      return 'never issued';
    default:
      return reason satisfies never;
  }
};
