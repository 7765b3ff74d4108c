import {
  eventStoreVariables,
  executionWindowMillis,
  messagingVariables,
  secret,
  serviceEnvironment,
  wholeNumber,
} from '@scheduled-scripts/platform';
import { z } from 'zod';

export const launcherEnvironment = serviceEnvironment.extend({
  DATABASE_URL: secret().describe('Postgres URL of the launcher’s own schema'),
  ...eventStoreVariables,
  ...messagingVariables,
  LAUNCH_GRACE_MILLIS: wholeNumber({ min: 1_000 })
    .default(900_000)
    .describe('A launch that is later than this, after a time of being down, is cancelled as missed'),
  EXECUTION_WINDOW_MILLIS: executionWindowMillis().describe('How long after its launch a script may still be started at a site'),
  ROLLOUTS_AT_ONCE: wholeNumber({ min: 1, max: 64 }).default(4).describe('Rollouts whose executions are asked for side by side'),
});

export type LauncherEnvironment = z.output<typeof launcherEnvironment>;
