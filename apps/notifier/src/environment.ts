import { secret, serviceEnvironment } from '@scheduled-scripts/platform';
import { z } from 'zod';

export const notifierEnvironment = serviceEnvironment.extend({
  DATABASE_URL: secret().describe('Postgres URL of the notifier’s own schema'),
  MESSAGING_URL: secret().describe('URL of the topics'),
  OUTBOX_DIRECTORY: z.string().min(1).describe('Folder into which mails are written, one .eml file each'),
  USER_DIRECTORY_FILE: z.string().min(1).describe('JSON file of users and their addresses, by organization and id'),
  MAIL_FROM: z.email({ pattern: z.regexes.html5Email }).default('scheduled-scripts@localhost').describe('Address that mails come from'),
});

export type NotifierEnvironment = z.output<typeof notifierEnvironment>;
