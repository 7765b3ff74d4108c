import { z } from 'zod';

/** One step on a script's executions. `revision`: of the event that asked for the test, since the plan may have changed after it. */
export const rolloutWork = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request') }),
  z.object({ kind: z.literal('test'), number: z.number(), revision: z.number() }),
  z.object({ kind: z.literal('abort') }),
  z.object({ kind: z.literal('complete') }),
]);

export type RolloutWork = z.output<typeof rolloutWork>;
