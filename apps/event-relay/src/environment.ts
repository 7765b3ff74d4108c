import { secret, serviceEnvironment } from '@scheduled-scripts/platform';
import { z } from 'zod';

export const eventRelayEnvironment = serviceEnvironment.extend({
  EVENT_STORE_URL: secret().describe('URL of the event store'),
  MESSAGING_URL: secret().describe('URL of the topics'),
  DATABASE_URL: secret().describe('Postgres URL of the relay’s own schema'),
  RELAY_LEASE_MILLIS: z.coerce
    .number()
    .int()
    .min(500)
    .max(60_000)
    .default(5_000)
    .describe('How long an active relay that has died keeps a standby waiting'),
});

export type EventRelayEnvironment = z.output<typeof eventRelayEnvironment>;
