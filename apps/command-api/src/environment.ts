import { isApprovalLinkKeys } from '@scheduled-scripts/auth/approval-links';
import { defaultMaximumSites } from '@scheduled-scripts/contracts';
import { flag, secret, serviceEnvironment } from '@scheduled-scripts/platform';
import { parseKeyRing } from '@scheduled-scripts/site-directory';
import { z } from 'zod';

const isKeyRing = (text: string): boolean => {
  try {
    return parseKeyRing(text).keys.size > 0;
  } catch {
    return false;
  }
};

export const commandApiEnvironment = serviceEnvironment.extend({
  EVENT_STORE_URL: secret().describe('URL of the event store'),
  DATABASE_URL: secret().describe('Postgres URL of the site directory and of the idempotency keys'),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(10).describe('Connections to it at most'),
  AUTH_ISSUER: z.string().min(1).describe('Who issues the tokens, exactly as their claim iss says'),
  AUTH_AUDIENCE: z.string().min(1).describe('What the claim aud of the tokens must name'),
  AUTH_JWKS_URI: z.url().describe("Where the issuer's public keys are"),
  CREDENTIALS_KEYS: secret(z.string().refine(isKeyRing, { error: 'must be <id>:<32 bytes in base64>, by commas or lines' })).describe(
    'Keys for the passwords of sites: <id>:<32 bytes in base64>, the current one first, by commas or lines',
  ),
  APPROVAL_LINK_KEYS: secret(
    z.string().refine(isApprovalLinkKeys, { error: 'must be <id>:<32 bytes in base64>, by commas or lines' }),
  ).describe('Keys that approval links are signed with, as the notifier has them: <id>:<32 bytes in base64>, the current one first'),
  ALLOW_LOOPBACK_SITES: flag().describe('Sites may lie on this machine: for the simulator'),
  SITE_CHECK_TIMEOUT_MILLIS: z.coerce.number().int().min(100).max(60_000).default(10_000).describe('How long the check of a site may take'),
  SITE_CHECKS_AT_ONCE: z.coerce.number().int().min(1).max(1_000).default(20).describe('Sites that are checked side by side'),
  ALLOW_SELF_AUTHORIZATION: flag().describe('An author may approve and launch the own script'),
  MAX_SITES: z.coerce.number().int().min(1).max(100_000).default(defaultMaximumSites).describe('Sites that one script may target'),
  EXECUTION_WINDOW_MILLIS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(7_200_000)
    .describe('How long after a launch by hand, or a request for a test, a script may still be started at a site'),
  USER_DIRECTORY_FILE: z.string().optional().describe('JSON file of users, by organization and id; nobody is known unless set'),
});

export type CommandApiEnvironment = z.output<typeof commandApiEnvironment>;
