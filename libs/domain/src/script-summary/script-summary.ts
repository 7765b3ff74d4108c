import { accept, fact, type Decider, type Fact } from '../decider.js';
import type { Timestamp } from '../timestamp.js';

/** A machine's statement of what a script does. A stream of its own: machines do not move what people decide on. */
export type ScriptSummaryEvent = Fact<
  'script-summary.summarized.v1',
  { readonly scriptId: string; readonly scriptSha256: string; readonly summary: string }
>;

export interface ScriptSummaryCommand {
  readonly type: 'summarize';
  readonly at: Timestamp;
  readonly by: string;
  readonly scriptId: string;
  /** Of the text that the summary is about. */
  readonly scriptSha256: string;
  readonly summary: string;
}

export interface ScriptSummary {
  readonly scriptSha256: string;
  readonly summary: string;
}

/** The latest summary; `null` before there is one. */
export type ScriptSummaryState = ScriptSummary | null;

/** Whoever comes second with a summary of the same text has nothing to add: nobody is refused. */
export const scriptSummaryDecider: Decider<ScriptSummaryState, ScriptSummaryCommand, ScriptSummaryEvent, never> = {
  initialState: null,
  decide: (command, state) => {
    const { scriptId, scriptSha256, summary } = command;
    if (state?.scriptSha256 === scriptSha256) return accept();
    return accept(fact('script-summary.summarized.v1', command, { scriptId, scriptSha256, summary }));
  },
  evolve: (_, { data: { scriptSha256, summary } }) => ({ scriptSha256, summary }),
};

/** What is said of a script: a summary of another text than the one that stands is out of date. */
export const summaryOf = (script: { readonly scriptSha256: string }, latest: ScriptSummaryState): string | null =>
  latest?.scriptSha256 === script.scriptSha256 ? latest.summary : null;
