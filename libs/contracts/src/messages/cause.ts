import { z } from 'zod';
import type { ReadEvent } from './event-message.js';

/** What a row of work follows from, as its payload holds it; what is appended for it says so. */
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

/** Fields that a payload holds beside it are dropped. Throws `ZodError`. */
export const parseCause = (payload: unknown): Cause => cause.parse(payload);
