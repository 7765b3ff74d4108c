import { asTimestamp, failureReasons } from '@scheduled-scripts/domain';
import { z } from 'zod';

// What is promised of each field; the descriptions are read by other teams. A reader strips what it does not know, so that a producer
// may add fields within a version.

const text = z.string().min(1);
const number = z.int().min(1);
const timestamp = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/)
  .meta({ format: 'date-time' })
  .transform(asTimestamp);

export const scriptId = z.guid().describe('The scheduled script.');
export const executionId = z.guid().describe('This run of the script at this site; asking for the same run again gives the same id.');
export const siteId = z
  .string()
  .regex(/^site_[0-9A-Za-z]{16,32}$/)
  .describe('A site, which is one router.');
export const organizationId = text.describe('The organization that owns the script and its sites, as in the header ce_organizationid.');
export const userId = z.string().min(1).max(200).describe('A user: the `sub` of their token.');
export const authorizationId = text.describe('The request for authorization. It names the request and opens nothing.');
export const owner = text.describe('The executor that took the run, for those who search its log.');

export const version = number.describe(
  'The version of the script that this is about: it grows by one with each change of what was decided.',
);
export const testNumber = number.describe('Counts the tests of a script from 1.');
export const sitesCompleted = z.int().nonnegative().describe('At how many sites the script ran to its end.');
export const sitesFailed = z.int().nonnegative().describe('At how many sites it did not, or nobody can tell.');
export const bytes = z.int().nonnegative().describe('The length of the backup, in bytes.');

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const scriptSha256 = sha256.describe('SHA-256 of the UTF-8 bytes of the script, in lower-case hex.');
export const backupSha256 = sha256.describe('SHA-256 of the backup, in lower-case hex.');

export const launchAt = timestamp.describe('When the script is to be launched, in UTC. It is never launched earlier.');
export const windowEndsAt = timestamp.describe('The end of the execution window, in UTC: nothing is started at or after this instant.');
export const takenAt = timestamp.describe('When the backup was taken, in UTC.');

export const makeBackup = z
  .boolean()
  .describe('Whether the configuration of each router is backed up first. Where that fails, the script does not run.');
export const abortIfOffline = z
  .boolean()
  .describe('true: a router that is offline at launch fails at once. false: it is tried again until the execution window ends.');

export const failureMeanings: Readonly<Record<(typeof failureReasons)[number], string>> = {
  offline: 'no connection at launch, and abortIfOffline was set',
  unreachable: 'no connection until the execution window ended',
  login_failed: 'the router refused the login',
  tls_untrusted: 'the certificate of the router is not trusted',
  wrong_device: 'another device answered',
  site_removed: 'the site is not in the directory any more',
  backup_failed: 'the backup could not be taken, so the script did not run',
  syntax_error: 'the router refused the script, and nothing of it ran',
  script_error: 'the script stopped with an error, and the lines before it are applied',
  timeout: 'the script ran longer than allowed',
  aborted: 'the rollout was aborted before the script was started here',
  not_started: 'the script did not start, and cannot start any more',
  outcome_unknown: 'the script was started, or may have been, and nobody can tell how it ended',
};

export const failureReason = z.enum(failureReasons).describe(
  `Why. A closed list. ${Object.entries(failureMeanings)
    .map(([reason, meaning]) => `${reason}: ${meaning}`)
    .join('; ')}.`,
);
