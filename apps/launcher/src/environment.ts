import { secret, serviceEnvironment } from '@scheduled-scripts/platform';
import { z } from 'zod';

const minutes = (count: number): number => count * 60_000;

export const launcherEnvironment = serviceEnvironment.extend({
  DATABASE_URL: secret().describe('Postgres URL of the launcher’s own schema'),
  EVENT_STORE_URL: secret().describe('URL of the event store'),
  MESSAGING_URL: secret().describe('URL of the topics'),
  LAUNCH_GRACE_MILLIS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(minutes(15))
    .describe('A launch that is later than this, after a time of being down, is cancelled as missed'),
  EXECUTION_WINDOW_MILLIS: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(minutes(120))
    .describe('How long after its launch a script may still be started at a site'),
  ROLLOUTS_AT_ONCE: z.coerce.number().int().min(1).max(64).default(4).describe('Rollouts whose executions are asked for side by side'),
});

export type LauncherEnvironment = z.output<typeof launcherEnvironment>;
