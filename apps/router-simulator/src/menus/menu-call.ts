import type { Job } from '../router/job-table.js';
import type { Value } from '../script/values.js';

/** A printed row. Its id is the property `.id`. */
export type PrintedRow = Readonly<Record<string, string>>;

/** What faults can do to a session, beyond answering. */
export interface CallerSession {
  breakDown(how: Breakdown): void;
  send(words: readonly string[]): Promise<void>;
}

export type Breakdown = 'reset' | 'close' | 'silent' | 'half-open' | 'rubbish' | 'flood' | 'fatal';

export interface Caller {
  readonly user: string;
  readonly policies: ReadonlySet<string>;
  readonly origin: 'api' | 'script';
  /** The session that sent the command; null for scripts. */
  readonly session: CallerSession | null;
  readonly job: Job;
}

export interface MenuCall {
  readonly args: ReadonlyMap<string, string>;
  readonly unset: ReadonlySet<string>;
  /** The items that are meant: ids, names, or numbers. */
  readonly numbers: readonly string[] | null;
  /** `where`, or the queries of the API. */
  readonly select: ((rows: readonly PrintedRow[]) => PrintedRow[] | Promise<PrintedRow[]>) | null;
  readonly caller: Caller;
}

export interface CommandResult {
  readonly rows?: readonly PrintedRow[];
  readonly ret?: string;
  /** What `[…]` around it gives, in scripts. */
  readonly value?: Value;
}
