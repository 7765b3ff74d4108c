import { isApprovalLinkKeys } from '@scheduled-scripts/auth/approval-links';
import { defaultMaximumSites } from '@scheduled-scripts/contracts';
import {
  eventStoreVariables,
  executionWindowMillis,
  flag,
  secret,
  secretKeys,
  serviceEnvironment,
  tokenVariables,
  wholeNumber,
} from '@scheduled-scripts/platform';
import { isKeyRing } from '@scheduled-scripts/site-directory';
import { z } from 'zod';

export const commandApiEnvironment = serviceEnvironment.extend({
  ...eventStoreVariables,
  DATABASE_URL: secret().describe('Postgres URL of the site directory and of the idempotency keys'),
  DATABASE_POOL_SIZE: wholeNumber({ min: 2, max: 200 }).default(10).describe('Connections to it at most'),
  ...tokenVariables,
  CREDENTIALS_KEYS: secretKeys(isKeyRing).describe(
    'Keys for the passwords of sites: <id>:<32 bytes in base64>, the current one first, by commas or lines',
  ),
  APPROVAL_LINK_KEYS: secretKeys(isApprovalLinkKeys).describe(
    'Keys that approval links are signed with, as the notifier has them: <id>:<32 bytes in base64>, the current one first',
  ),
  ALLOW_LOOPBACK_SITES: flag().describe('Sites may lie on this machine: for the simulator'),
  SITE_CHECK_TIMEOUT_MILLIS: wholeNumber({ min: 100, max: 60_000 }).default(10_000).describe('How long the check of a site may take'),
  SITE_CHECKS_AT_ONCE: wholeNumber({ min: 1, max: 1_000 }).default(20).describe('Sites that are checked side by side'),
  ALLOW_SELF_AUTHORIZATION: flag().describe('An author may approve and launch the own script'),
  MAX_SITES: wholeNumber({ min: 1, max: 100_000 }).default(defaultMaximumSites).describe('Sites that one script may target'),
  EXECUTION_WINDOW_MILLIS: executionWindowMillis().describe(
    'How long after a launch by hand, or a request for a test, a script may still be started at a site',
  ),
  USER_DIRECTORY_FILE: z.string().optional().describe('JSON file of users, by organization and id; nobody is known unless set'),
});

export type CommandApiEnvironment = z.output<typeof commandApiEnvironment>;
