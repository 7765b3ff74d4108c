import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';

export type JournalEntry =
  | { readonly kind: 'booted'; readonly reason: string }
  | { readonly kind: 'power-lost'; readonly writesLost: number }
  | {
      readonly kind: 'script-started';
      /** Counts the starts of this router, so that a start and its end can be matched. */
      readonly run: number;
      readonly script: string;
      /** From names of the form `ax-<execution>[-suffix]`, else null. */
      readonly execution: string | null;
      readonly sourceSha256: string;
      readonly uptimeMillis: number;
    }
  | {
      readonly kind: 'script-ended';
      readonly run: number;
      readonly script: string;
      readonly outcome: 'completed' | 'error' | 'killed' | 'exited';
      readonly message: string | null;
    }
  | { readonly kind: 'fault'; readonly fault: string; readonly where: string };

export type JournalRecord = JournalEntry & { readonly at: string };

/**
 * The judge: what really happened on this router. Append-only and on the disk before the effect; neither a loss of power nor
 * the end of the simulator takes anything back.
 */
export class Journal {
  private readonly descriptor: number;
  private runs: number;

  constructor(
    private readonly file: string,
    private readonly now: () => number,
    private readonly fsync: boolean,
  ) {
    dropTornLine(file);
    this.runs = this.read().filter((entry) => entry.kind === 'script-started').length;
    this.descriptor = openSync(file, 'a', 0o600);
  }

  nextRun(): number {
    return ++this.runs;
  }

  append(entry: JournalEntry): void {
    writeSync(this.descriptor, `${JSON.stringify({ at: new Date(this.now()).toISOString(), ...entry })}\n`);
    if (this.fsync) fsyncSync(this.descriptor);
  }

  read(): JournalRecord[] {
    return readJournal(this.file);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** What follows the last line end was being written when the process died. */
const dropTornLine = (file: string): void => {
  if (!existsSync(file)) return;
  const bytes = readFileSync(file);
  truncateSync(file, bytes.lastIndexOf(0x0a) + 1);
};

/** Also from another process; a line that is still being written is left out. */
export const readJournal = (file: string): JournalRecord[] => {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as JournalRecord);
};
