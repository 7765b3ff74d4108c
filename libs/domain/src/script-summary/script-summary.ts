import type { Fact } from '../decider.js';

/** A machine's statement of what a script does. A stream of its own: machines do not move what people decide on. */
export type ScriptSummaryEvent = Fact<
  'script-summary.summarized.v1',
  { readonly scriptId: string; readonly scriptSha256: string; readonly summary: string }
>;
