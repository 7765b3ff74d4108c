import {
  eventStoreVariables,
  flag,
  messagingVariables,
  secret,
  secretKeys,
  serviceEnvironment,
  wholeNumber,
} from '@scheduled-scripts/platform';
import { isKeyRing } from '@scheduled-scripts/site-directory';
import { z } from 'zod';

const millis = (fallback: number) => wholeNumber({ min: 100, max: 86_400_000 }).default(fallback);

export const deviceExecutorEnvironment = serviceEnvironment.extend({
  DATABASE_URL: secret().describe('Postgres URL of the executor’s own schema, of the backups, and, to read only, of the site directory'),
  ...eventStoreVariables,
  ...messagingVariables,
  CREDENTIALS_KEYS: secretKeys(isKeyRing).describe(
    'Keys for the passwords of sites, as command-api has them: <id>:<32 bytes in base64>, the current one first, by commas or lines',
  ),
  INSTALLATION_ID: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/)
    .default('main')
    .describe('Marks our objects on routers; another one for each installation, so that staging never sweeps production'),
  ALLOW_LOOPBACK_SITES: flag().describe('Whether sites may have loopback addresses; for development only'),
  EXECUTIONS_AT_ONCE: wholeNumber({ min: 1, max: 5_000 }).default(200).describe('Sites that are worked on side by side'),
  SCRIPT_TIMEOUT_MILLIS: millis(600_000).describe('A script that runs longer is stopped, and its site fails'),
  CONNECT_TIMEOUT_MILLIS: millis(10_000).describe('How long a router may take to accept a connection'),
  LOGIN_TIMEOUT_MILLIS: millis(10_000).describe('How long a router may take to answer the login'),
  COMMAND_TIMEOUT_MILLIS: millis(20_000).describe('How long a router may take for a short command; one that needs longer is not well'),
});

export type DeviceExecutorEnvironment = z.output<typeof deviceExecutorEnvironment>;
