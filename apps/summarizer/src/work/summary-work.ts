import type { Cause } from '@scheduled-scripts/contracts';
import { z } from 'zod';

/** A text that waits for its summary, and what that follows from. The text itself stays where it is. */
export type SummaryWork = Cause & { readonly scriptId: string; readonly scriptSha256: string };

/** Beside the cause, which `parseCause` reads. */
export const summaryWork = z.object({ scriptId: z.guid(), scriptSha256: z.string() });
