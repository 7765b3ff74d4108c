import type { Database } from '@scheduled-scripts/postgres';
import { UnknownPosition, type FollowedBatch, type FollowOptions } from '../event-store.js';
import { columns, numberOf, positionOf, recordedEvent, type EventRow } from './rows.js';

const pollMillis = 1_000;
const defaultBatchSize = 500;
/** How many positions one query looks through at most: a rare prefix must not make it long. */
const scanned = 10_000;

export const channel = 'event_store';

/** `reached` and the events are of one snapshot: whatever is not visible yet has a larger position. */
const statement = `
  WITH reached AS (SELECT position AS head, least(position, $1::bigint + ${scanned}) AS reached FROM head)
  SELECT head, reached, ${columns} FROM reached LEFT JOIN LATERAL (
    SELECT ${columns} FROM event WHERE position > $1 AND position <= reached AND stream ^@ ANY ($2::text[])
    ORDER BY position LIMIT $3
  ) AS event ON true
  ORDER BY position`;

type FoundRow = Partial<EventRow> & { readonly head: string; readonly reached: string };

const isEvent = (row: FoundRow): row is FoundRow & EventRow => typeof row.position === 'string';

/** Resolves when it is woken, after the poll interval, or when aborted. */
class Alarm {
  private isWoken = false;
  private ring: () => void = () => undefined;

  readonly wake = (): void => {
    this.isWoken = true;
    this.ring();
  };

  /** What comes from now on is not known to the next query. */
  reset(): void {
    this.isWoken = false;
  }

  async rung(): Promise<void> {
    if (this.isWoken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollMillis);
      this.ring = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

export async function* followFrom(database: Database, options: FollowOptions): AsyncGenerator<FollowedBatch, void, undefined> {
  const { signal, streamPrefixes, batchSize = defaultBatchSize } = options;
  let after = options.after === null ? '0' : numberOf(options.after);
  if (after === null) throw new UnknownPosition('the position is of another kind of store');
  const alarm = new Alarm();
  signal.addEventListener('abort', alarm.wake);
  const listening = await database.listen(channel, alarm.wake);
  try {
    while (!signal.aborted) {
      alarm.reset();
      const rows: readonly FoundRow[] = await database.query<FoundRow>(statement, [after, streamPrefixes, batchSize], 'follow');
      const events = rows.filter(isEvent);
      const [first] = rows;
      if (!first || BigInt(first.head) < BigInt(after)) throw new UnknownPosition('the position lies behind the last event of this store');
      const reached: string = events.length === batchSize ? (events.at(-1)?.position ?? after) : first.reached;
      if (signal.aborted) return;
      if (reached === after) {
        await alarm.rung();
      } else {
        after = reached;
        yield { events: events.map(recordedEvent), position: positionOf(after) };
      }
    }
  } finally {
    signal.removeEventListener('abort', alarm.wake);
    await listening.stop();
  }
}
