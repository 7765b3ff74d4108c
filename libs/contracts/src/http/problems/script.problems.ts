import type { ProblemEntry } from './problem-entry.js';

/** Scheduled scripts: they are not there, or what is asked cannot be done as they stand. */
export const scriptProblems = {
  self_authorization_forbidden: {
    status: 403,
    message: 'An author of the script may not authorize it: somebody else must.',
    meaning: 'Whoever wrote any part of the script may neither approve it nor launch it by hand.',
    remedy: 'Have it done by somebody else who may approve scripts.',
  },
  script_not_found: {
    status: 404,
    message: 'No such scheduled script.',
    meaning: 'No script of your organization has this id.',
    remedy: 'Take the id from the list of scripts. One that was only just created is waited for if you read it with `Min-Version`.',
  },
  execution_not_found: {
    status: 404,
    message: 'The scheduled script has no such execution.',
    meaning: 'The script has no execution with this id.',
    remedy: 'Take the id from `GET /scripts/scheduled/{id}/executions`.',
  },
  backup_not_found: {
    status: 404,
    message: 'No backup was taken for this execution.',
    meaning: 'No backup was asked for in this execution, or none has been taken yet.',
    remedy: 'Look at `backup` of the execution: unless it is null, there is one.',
  },
  script_already_exists: {
    status: 409,
    message: 'A scheduled script with this id already exists.',
    meaning: 'There is a script with the id that was to be given to a new one.',
    remedy: 'Send the request again, with a new `Idempotency-Key`.',
  },
  script_already_launched: {
    status: 409,
    message: 'The script has already been launched.',
    meaning: 'The script has been launched, and what has been launched is not changed, cancelled or approved again.',
    remedy: 'To keep it from sites where it has not started, `POST /scripts/scheduled/{id}/abort`. To run it again, create a new script.',
  },
  script_cancelled: {
    status: 409,
    message: 'The script has been cancelled.',
    meaning: 'The script has been cancelled, and nothing undoes that.',
    remedy: 'Create a new script if it is still wanted.',
  },
  not_authorizable: {
    status: 409,
    message: 'Only an unauthorized script can be authorized.',
    meaning: 'The script does not wait for an approval; mostly it has been approved already.',
    remedy: 'Fetch the script and look at `status`: `scheduled` means that nothing is left to do.',
  },
  not_launchable: {
    status: 409,
    message: 'Only a scheduled script can be launched.',
    meaning: 'The script cannot be launched as it stands; mostly nobody has approved it.',
    remedy: 'Fetch the script and look at `status`. An `unauthorized` one has to be approved first.',
  },
  not_abortable: {
    status: 409,
    message: 'Only a launched script can be aborted.',
    meaning: 'There is no rollout to abort: it has not begun, or it is over.',
    remedy: 'Fetch the script and look at `status` and `progress`. One that has not been launched is cancelled with `DELETE`.',
  },
  launch_time_passed: {
    status: 409,
    message: 'The launch time has passed: give the script a new one.',
    meaning: 'Nobody approved the script before `launch_at`, and it is not launched late.',
    remedy: 'Give it a new `launch_at` with `PUT`, then ask for approval again.',
  },
  launch_too_early: {
    status: 409,
    message: 'The launch time has not come yet.',
    meaning: 'A launch on schedule was tried before its time.',
    remedy: 'Do nothing: it is launched at its time.',
  },
  rollout_already_completed: {
    status: 409,
    message: 'The rollout has already ended at every site.',
    meaning: 'The end of the rollout has been recorded already.',
    remedy: 'Do nothing: fetch the script to see how it ended.',
  },
  idempotency_key_reused: {
    status: 409,
    message: 'This idempotency key was used for another request.',
    meaning: 'In the last 24 hours you sent this `Idempotency-Key` with another body.',
    remedy: 'Use a new key for each new request, and the same key only to send the same request again.',
  },
  idempotency_key_in_use: {
    status: 409,
    message: 'The first request with this idempotency key is still running.',
    meaning: 'The first request with this `Idempotency-Key` has not been answered yet.',
    remedy:
      'Send the same request with the same `Idempotency-Key` after as many seconds as `Retry-After` says: you get the answer of the first.',
  },
  launch_at_in_past: {
    status: 422,
    message: 'launch_at must lie in the future.',
    meaning: '`launch_at` lies in the past; a change that leaves it out keeps the old time, which may have passed.',
    remedy: 'Send a `launch_at` that lies in the future, and look at the clock of the client.',
  },
  unknown_site: {
    status: 422,
    message: 'A site is not known.',
    meaning: 'Your organization has no site with an id that the body names.',
    remedy: 'Register the sites that `errors` names, or leave them out.',
  },
  no_approver: {
    status: 422,
    message: 'Nobody in notify may approve this script.',
    meaning: 'Nobody in `notify` may approve this script; an author of it may not.',
    remedy: 'Add an approver to `notify` with `PUT` and ask again, or have one approve with `POST /scripts/scheduled/{id}/authorize`.',
  },
  no_test_site: {
    status: 422,
    message: 'The script has no test_site_id to run at.',
    meaning: 'The script has no `test_site_id`, so there is nowhere to test it.',
    remedy: 'Set `test_site_id` with `PUT` and ask for the test again.',
  },
} as const satisfies Record<string, ProblemEntry>;
