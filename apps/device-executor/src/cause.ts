import type { ReadEvent } from '@scheduled-scripts/contracts';
import { z } from 'zod';

/** What a row of work follows from; what is appended for it says so. */
const cause = z.object({
  organizationId: z.string(),
  correlationId: z.string(),
  causationId: z.string(),
  traceparent: z.string().optional(),
});

export type Cause = z.output<typeof cause>;

export const causeOf = ({ organizationId, correlationId, id, traceparent }: ReadEvent): Cause => ({
  organizationId,
  correlationId,
  causationId: id,
  ...(traceparent === undefined ? {} : { traceparent }),
});

export const parseCause = (payload: unknown): Cause => cause.parse(payload);

/** How the executor signs what it appends. */
export const executorActor = 'service:device-executor';
