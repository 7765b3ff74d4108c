import { secret, serviceEnvironment } from '@scheduled-scripts/platform';
import { z } from 'zod';

export const projectorEnvironment = serviceEnvironment.extend({
  DATABASE_URL: secret().describe('Postgres URL of the read model, with the right to create tables in it'),
  MESSAGING_URL: secret().describe('URL of the topics'),
  PROJECTOR_BATCH_SIZE: z.coerce.number().int().min(1).max(10_000).default(1_000).describe('Messages that are written in one transaction'),
});

export type ProjectorEnvironment = z.output<typeof projectorEnvironment>;
