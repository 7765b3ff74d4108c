import { eventStoreVariables, messagingVariables, secret, serviceEnvironment, wholeNumber } from '@scheduled-scripts/platform';
import { z } from 'zod';

export const eventRelayEnvironment = serviceEnvironment.extend({
  ...eventStoreVariables,
  ...messagingVariables,
  DATABASE_URL: secret().describe('Postgres URL of the relay’s own schema'),
  RELAY_LEASE_MILLIS: wholeNumber({ min: 500, max: 60_000 })
    .default(5_000)
    .describe('How long an active relay that has died keeps a standby waiting'),
});

export type EventRelayEnvironment = z.output<typeof eventRelayEnvironment>;
