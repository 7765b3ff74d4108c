import type { DataOf } from '@scheduled-scripts/contracts';

export type FailedSite = DataOf<'scheduled-script.rollout-completed.v1'>['failedSites'][number];

/** What a reason means to whoever has to act on it: above all, whether anything was changed at the site. */
export const failureWords: Readonly<Record<FailedSite['reason'], string>> = {
  offline: 'was offline; nothing was run',
  unreachable: 'could not be reached until the window closed; nothing was run',
  login_failed: 'refused the login; nothing was run',
  tls_untrusted: 'showed a certificate that is not trusted; nothing was run',
  wrong_device: 'is another device than the one expected; nothing was run',
  site_removed: 'is no longer in the site directory; nothing was run',
  backup_failed: 'could not be backed up; nothing was run',
  syntax_error: 'found an error in the script; nothing was run',
  script_error: 'stopped in the middle of the script: the lines before the error are applied',
  timeout: 'did not finish the script in time: it may be applied in part',
  aborted: 'was withdrawn before it started; nothing was run',
  not_started: 'did not start the script; nothing was run',
  outcome_unknown: 'did not say how it ended: look at the router',
};
