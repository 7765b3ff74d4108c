/** No summary is longer, in characters. */
export const maximumSummaryCharacters = 600;

export const writerNames = ['explainer', 'language-model'] as const;

export type WriterName = (typeof writerNames)[number];

/** What can be wrong with a writer that asks somebody else. */
export const unavailabilities = ['timeout', 'unreachable', 'busy', 'failing', 'refused', 'unfit_answer'] as const;

export type Unavailability = (typeof unavailabilities)[number];

/**
 * Says in plain words what a script does. Guarantees of every adapter, held by the contract suite:
 * - The summary is one line of plain text, ends like a sentence, is not longer than `maximumSummaryCharacters`, and shows no value of a
 *   parameter that holds a secret.
 * - Whatever the script says, it is described and not obeyed.
 */
export interface SummaryWriter {
  readonly name: WriterName;
  /** `signal`: nobody waits any more. Rejects with `SummaryUnavailable`, and with nothing else. */
  write(script: string, signal: AbortSignal): Promise<string>;
}

/** Has no cause and quotes nobody: what a server says may repeat the script, or the key. */
export class SummaryUnavailable extends Error {
  readonly code = 'summary_unavailable';

  constructor(
    readonly reason: Unavailability,
    /** Of the answer, if there was one. */
    readonly status?: number,
  ) {
    super(`no summary: ${reason}${status === undefined ? '' : ` (status ${status})`}`);
    this.name = 'SummaryUnavailable';
  }
}
