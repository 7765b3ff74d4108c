import { DatabaseUnavailable, intArray, jsonArray, textArray, uuidArray, type Database, type Row } from '@scheduled-scripts/postgres';
import type { EncodedAppend } from '../append-rules.js';
import { StoreUnavailable, type AppendOutcome } from '../event-store.js';

const maxFlushEvents = 1_000;
const maxFlushBytes = 4 * 1024 * 1024;
const maxWaiting = 20_000;

interface Waiting {
  readonly append: EncodedAppend;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

const parametersOf = (batch: readonly EncodedAppend[]): Buffer[] => {
  const rows = batch.flatMap(({ stream, expected, events }) =>
    events.map((event, index) => ({ stream, expected, number: index + 1, event })),
  );
  return [
    textArray(rows.map(({ stream }) => stream)),
    intArray(rows.map(({ expected }) => expected)),
    intArray(rows.map(({ number }) => number)),
    uuidArray(rows.map(({ event }) => event.id)),
    textArray(rows.map(({ event }) => event.type)),
    jsonArray(rows.map(({ event }) => event.data)),
    jsonArray(rows.map(({ event }) => event.metadata)),
  ];
};

interface Answer extends Row {
  readonly actual: readonly number[];
  /** `null` when every event is stored. */
  readonly stored: readonly boolean[] | null;
}

const outcomesOf = (batch: readonly EncodedAppend[], { actual, stored }: Answer): readonly AppendOutcome[] => {
  let first = 0;
  return batch.map(({ expected, events }) => {
    const from = first;
    first += events.length;
    if (!stored || stored.slice(from, first).every(Boolean)) return { ok: true, revision: expected + events.length };
    const found = actual[from] ?? -1;
    return { ok: false, actual: found < 0 ? 'no-stream' : found };
  });
};

/**
 * Concurrent appends share a statement, and so one round trip and one commit: while a flush is under way the next one gathers.
 * One at a time: they would only wait for each other at the head row.
 */
export class AppendQueue {
  private waiting: Waiting[] = [];
  /** Of a flush that the server has refused: each by itself, since one that it cannot take must not fail the others. */
  private alone: Waiting[] = [];
  private isFlushing = false;

  constructor(
    private readonly database: Database,
    private readonly onStored: () => void,
  ) {}

  add(append: EncodedAppend): Promise<AppendOutcome> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length >= maxWaiting) return reject(new StoreUnavailable('too many appends are waiting'));
      this.waiting.push({ append, resolve, reject });
      this.schedule();
    });
  }

  /** After the callbacks of this turn of the event loop: requests that came in together go out together. */
  private schedule(): void {
    if (this.isFlushing) return;
    this.isFlushing = true;
    setImmediate(() => void this.drain());
  }

  private async drain(): Promise<void> {
    while (this.alone.length + this.waiting.length > 0) await this.flush(this.next());
    this.isFlushing = false;
  }

  /** From the front, up to the limits; of a stream only the first append, since the outcome of a second one depends on it. */
  private next(): Waiting[] {
    const single = this.alone.shift();
    if (single) return [single];
    const batch: Waiting[] = [];
    const later: Waiting[] = [];
    const streams = new Set<string>();
    let events = 0;
    let bytes = 0;
    for (const one of this.waiting) {
      const { append } = one;
      const isFull = events + append.events.length > maxFlushEvents || bytes + append.bytes > maxFlushBytes;
      if (isFull && batch.length > 0) break;
      if (streams.has(append.stream)) {
        later.push(one);
        continue;
      }
      streams.add(append.stream);
      batch.push(one);
      events += append.events.length;
      bytes += append.bytes;
    }
    this.waiting = [...later, ...this.waiting.slice(batch.length + later.length)];
    return batch;
  }

  private async flush(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.store(batch.map(({ append }) => append));
      this.onStored();
      outcomes.forEach((outcome, index) => batch[index]?.resolve(outcome));
    } catch (error) {
      if (error instanceof DatabaseUnavailable) {
        const unavailable = new StoreUnavailable('the event store cannot answer now', { cause: error });
        // Who waits behind would find out the same, only later.
        for (const { reject } of [...batch, ...this.alone.splice(0), ...this.waiting.splice(0)]) reject(unavailable);
      } else if (batch.length === 1) {
        batch[0]?.reject(error);
      } else {
        this.alone.push(...batch);
      }
    }
  }

  private async store(batch: readonly EncodedAppend[]): Promise<readonly AppendOutcome[]> {
    const [answer] = await this.database.query<Answer>(
      'SELECT actual, stored FROM append($1, $2, $3, $4, $5, $6, $7)',
      parametersOf(batch),
      'append',
    );
    if (!answer) throw new Error('the append function gave no answer');
    return outcomesOf(batch, answer);
  }
}
