import { isApprovalLinkKeys } from '@scheduled-scripts/auth/approval-links';
import { messagingVariables, secret, secretKeys, serviceEnvironment, wholeNumber } from '@scheduled-scripts/platform';
import { z } from 'zod';
import { isMailUrl } from './mail/mail-url.js';

const isPlace = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !/[?#@]/.test(text);

export const notifierEnvironment = serviceEnvironment.extend({
  DATABASE_URL: secret().describe('Postgres URL of the notifier’s own schema'),
  ...messagingVariables,
  USER_DIRECTORY_FILE: z.string().min(1).describe('JSON file of users and their addresses, by organization and id'),
  MAIL_URL: secret(
    z.string().refine(isMailUrl, { error: 'must be smtp:// or smtps:// with a user and a password or neither, or file:///<folder>' }),
  ).describe(
    'Where mails go: smtp://user:password@host:587 (STARTTLS), smtps://…, ?ca=<file>, ?tls=false; or file:///folder for .eml files',
  ),
  MAIL_CONNECTIONS: wholeNumber({ min: 1, max: 50 }).default(4).describe('Connections to the mail server, and mails at a time, at most'),
  MAIL_TIMEOUT_MILLIS: wholeNumber({ min: 1_000, max: 600_000 }).default(30_000).describe('How long the mail server may take for one mail'),
  PUBLIC_URL: z
    .string()
    .refine(isPlace, { error: 'must be an http or https URL without a query' })
    .transform((text) => text.replace(/\/+$/, ''))
    .describe('Where people reach the gateway: links in mails begin with it'),
  APPROVAL_LINK_KEYS: secretKeys(isApprovalLinkKeys).describe(
    'Keys that approval links are signed with, as command-api has them: <id>:<32 bytes in base64>, the current one first',
  ),
  MAIL_FROM: z.email({ pattern: z.regexes.html5Email }).default('scheduled-scripts@localhost').describe('Address that mails come from'),
});

export type NotifierEnvironment = z.output<typeof notifierEnvironment>;
