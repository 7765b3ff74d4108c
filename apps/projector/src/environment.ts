import { messagingVariables, secret, serviceEnvironment, wholeNumber } from '@scheduled-scripts/platform';
import { z } from 'zod';

export const projectorEnvironment = serviceEnvironment.extend({
  DATABASE_URL: secret().describe('Postgres URL of the read model, with the right to create tables in it'),
  ...messagingVariables,
  PROJECTOR_BATCH_SIZE: wholeNumber({ min: 1, max: 10_000 }).default(1_000).describe('Messages that are written in one transaction'),
});

export type ProjectorEnvironment = z.output<typeof projectorEnvironment>;
