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
