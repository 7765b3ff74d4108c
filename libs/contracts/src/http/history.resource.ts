import type { Timestamp } from '@scheduled-scripts/domain';

/** One recorded event of a script, its summary, or the outcome of one of its tests. */
export interface HistoryEntryJson {
  readonly type: string;
  readonly at: Timestamp;
  /** A user's `sub`, or `service:<name>`. */
  readonly by: string;
  /** As it was recorded: what the messages of this type promise. */
  readonly data: Readonly<Record<string, unknown>>;
}
