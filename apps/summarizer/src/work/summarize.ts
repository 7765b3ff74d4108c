import { parseCause } from '@scheduled-scripts/contracts';
import { timestampOfMillis } from '@scheduled-scripts/domain';
import type { ScheduledScripts, ScriptSummaries } from '@scheduled-scripts/event-store';
import type { ClaimedWork, WorkVerdict } from '@scheduled-scripts/postgres';
import type { WriteSummary, Written } from '../writer/first-choice.summary-writer.js';
import { summaryWork } from './summary-work.js';

/** `outdated`: the text was changed since, and a row of its own brings what stands now. */
export const outcomes = ['summarized', 'known', 'outdated'] as const;

export type Outcome = (typeof outcomes)[number];

export interface SummarizeOptions {
  readonly scripts: Pick<ScheduledScripts, 'load'>;
  readonly summaries: Pick<ScriptSummaries, 'prepare' | 'decide'>;
  readonly write: WriteSummary;
  readonly now: () => number;
  readonly onWritten: (writer: Written['writer']) => void;
  readonly onDealtWith: (outcome: Outcome) => void;
}

const actor = 'service:summarizer';

/**
 * Sees to it that the latest summary of a script is of the text that stands. It looks again after it has written, and again after it has
 * appended: whoever slept longer than the lease must neither append an old text's summary nor leave one as the last.
 */
export const summarize = ({ scripts, summaries, write, now, onWritten, onDealtWith }: SummarizeOptions) => {
  const dealtWith = (outcome: Outcome): WorkVerdict => {
    onDealtWith(outcome);
    return { do: 'complete' };
  };

  return async ({ payload }: ClaimedWork, signal: AbortSignal): Promise<WorkVerdict> => {
    const { scriptId, scriptSha256 } = summaryWork.parse(payload);
    let written: (Written & { readonly of: string }) | undefined;
    let hasAppended = false;
    while (!signal.aborted) {
      const [script, latest] = await Promise.all([scripts.load(scriptId), summaries.prepare(scriptId)]);
      if (script === null) throw new Error(`${scriptId} is not in the store yet`);
      const { scriptSha256: stands } = script;
      if (latest.state?.scriptSha256 === stands) return dealtWith(hasAppended ? 'summarized' : 'known');
      if (stands !== scriptSha256 && !hasAppended) return dealtWith('outdated');
      if (written?.of === stands) {
        const { summary, writer } = written;
        const command = { type: 'summarize', at: timestampOfMillis(now()), by: actor, scriptId, scriptSha256: stands, summary } as const;
        await summaries.decide(scriptId, command, parseCause(payload), latest);
        hasAppended = true;
        onWritten(writer);
      } else {
        const text = await write(script.script, signal).catch((error: unknown) => {
          if (!signal.aborted) throw error;
        });
        if (text) written = { ...text, of: stands };
      }
    }
    return { do: 'release' };
  };
};
