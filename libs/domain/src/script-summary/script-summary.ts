import { accept, fact, inOrderOfTime, type Dated, type Decider, type Fact } from '../decider.js';
import { laterOf, type Timestamp } from '../timestamp.js';

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

export interface ScriptSummary extends Dated {
  readonly scriptSha256: string;
  readonly summary: string;
}

/** The latest summary; `null` before there is one. */
export type ScriptSummaryState = ScriptSummary | null;

/** Whoever comes second with a summary of the same text has nothing to add: nobody is refused. */
export const scriptSummaryDecider: Decider<ScriptSummaryState, ScriptSummaryCommand, ScriptSummaryEvent, never> = {
  initialState: null,
  decide: inOrderOfTime((command: ScriptSummaryCommand, state: ScriptSummaryState) => {
    const { scriptId, scriptSha256, summary } = command;
    if (state?.scriptSha256 === scriptSha256) return accept();
    return accept(fact('script-summary.summarized.v1', command, { scriptId, scriptSha256, summary }));
  }),
  evolve: (state, { at, data: { scriptSha256, summary } }) => ({ scriptSha256, summary, lastAt: laterOf(state?.lastAt ?? at, at) }),
};

/** What is said of a script: a summary of another text than the one that stands is out of date. */
export const summaryOf = (script: { readonly scriptSha256: string }, latest: Omit<ScriptSummary, 'lastAt'> | null): string | null =>
  latest?.scriptSha256 === script.scriptSha256 ? latest.summary : null;
