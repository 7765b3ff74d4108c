import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseUnavailable } from '@scheduled-scripts/postgres';
import { beginning, type ScriptPosition } from '@scheduled-scripts/read-model';
import { resourceEventId, type EventPlace } from './event-id.js';
import type { FollowedScript } from './followed-script.js';

export const eventNames = ['script', 'execution'] as const;

export type EventName = (typeof eventNames)[number];

/** Whole events of one kind, to be written as they are. */
export interface EventChunk {
  readonly event: EventName;
  readonly count: number;
  readonly text: readonly Buffer[];
}

export interface ScriptEventsOptions {
  readonly script: FollowedScript;
  /** Read for this follower, after all that its caller knows of. */
  readonly head: ScriptPosition;
  /** What a client that comes back was told last. */
  readonly told: EventPlace | undefined;
  readonly signal: AbortSignal;
}

const patienceMillis = 1_000;
const end = Buffer.from('\n\n');

/** Where a client can go on: a place that is not of this read model, or lies behind its end, tells nothing. */
const startFrom = (told: EventPlace | undefined, { generation, position }: ScriptPosition): EventPlace =>
  told?.generation === generation && told.position <= position ? told : { generation, ...beginning };

/**
 * The resource at once and whenever it has changed, and each execution whose row has changed since it was told. An event's id is the
 * place of the last row that was told, and with the resource its digest: whoever comes back with it, here or elsewhere, misses no row; the
 * resource comes first in any case. Whatever happens while a client is slow is told once, in its newest state. Ends when the script is not there any more;
 * rejects with the signal's reason. While the database is away nothing is told, and nothing is missed.
 */
export async function* scriptEvents({ script, head: first, told, signal }: ScriptEventsOptions): AsyncGenerator<EventChunk> {
  const client: Client = { script, signal, place: startFrom(told, first), entityTag: '' };
  for (let head = first; ;) {
    try {
      const isThere = yield* tell(client, head);
      if (!isThere) return;
      head = await script.headAfter(head, signal);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      await pause(patienceMillis, undefined, { signal });
    }
  }
}

interface Client {
  readonly script: FollowedScript;
  readonly signal: AbortSignal;
  place: EventPlace;
  /** Of the resource that it has. */
  entityTag: string;
}

/** All that it does not know of what has happened up to `head`. Answers whether the script is there. */
async function* tell(client: Client, head: ScriptPosition): AsyncGenerator<EventChunk, boolean> {
  const { script, signal } = client;
  const resource = await script.resource(head);
  signal.throwIfAborted();
  if (resource === null) return false;
  if (resource.entityTag !== client.entityTag) {
    const begin = Buffer.from(`event: script\nid: ${resourceEventId(client.place, resource.entityTag)}\ndata: `);
    yield { event: 'script', count: 1, text: [begin, resource.data, end] };
    client.entityTag = resource.entityTag;
  }
  for (let more = true; more;) {
    const rows = await script.executionsAfter(head, client.place);
    signal.throwIfAborted();
    // Another read model has taken over: what was told does not compare with it.
    const isOfAnother = rows.generation !== client.place.generation;
    if (!isOfAnother && rows.count > 0) yield { event: 'execution', count: rows.count, text: [rows.text] };
    client.place = isOfAnother ? { generation: rows.generation, ...beginning } : rows.place;
    more = isOfAnother || rows.more;
  }
  return true;
}
