import { type DomainEvent, isDomainEventType, messageSchemas } from './domain-event.js';
import { type Envelope, readEnvelope, requiredHeader, writeHeaders } from './envelope.js';
import { MalformedMessage } from './malformed-message.js';
import { routeOf } from './route.js';

/** An event as an event store gives it back. */
export interface StoredEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Omit<Envelope, 'id' | 'stream' | 'revision' | 'at'> & { readonly at: string };
}

/** What a message says, whatever carries it. */
export interface MessageContent {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface EventMessage extends MessageContent {
  readonly id: string;
  readonly topic: string;
}

export type ReadEvent = Envelope & {
  readonly kind: 'event';
  /** The script's id on the topic of scheduled scripts, the site's on that of executions. */
  readonly key: string;
  readonly event: DomainEvent;
};

/** A type that this code does not know: a newer producer is at work. Skip it and count it. */
export interface UnknownEvent {
  readonly kind: 'unknown';
  readonly key: string;
  readonly type: string;
}

/**
 * Total for every event of the published streams, also of types unknown here: a stored fact must reach its topic.
 * Throws `MalformedMessage` for a stream that is not published.
 */
export const toMessage = ({ id, stream, revision, type, data, metadata }: StoredEvent): EventMessage => ({
  id,
  ...routeOf(stream, data),
  headers: writeHeaders(type, { id, stream, revision, ...metadata }),
  value: JSON.stringify(data),
});

const parseJson = (value: string): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    throw new MalformedMessage('value_not_json', 'value');
  }
};

/** Reads a message; fields that were added later are dropped. Throws `MalformedMessage` when a promise is broken. */
export const fromMessage = ({ key, headers, value }: MessageContent): ReadEvent | UnknownEvent => {
  const type = requiredHeader(headers, 'ce_type');
  if (!isDomainEventType(type)) return { kind: 'unknown', key, type };
  const envelope = readEnvelope(headers);
  const parsed = messageSchemas[type].safeParse(parseJson(value));
  if (!parsed.success) {
    throw new MalformedMessage('data_invalid', `${type} ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}`);
  }
  // The schema of a type gives that type's data; the compiler cannot follow the pair through the lookup.
  const event = { type, at: envelope.at, by: envelope.actor, data: parsed.data } as DomainEvent;
  return { kind: 'event', key, event, ...envelope };
};

export type PromiseKept = 'kept' | 'broken' | 'unknown_type';

/** Whether an event's data is exactly what its version promises, with nothing added. For producers: a field that slips in is a promise made. */
export const checkPromise = (type: string, data: unknown): PromiseKept => {
  if (!isDomainEventType(type)) return 'unknown_type';
  const parsed = messageSchemas[type].safeParse(data);
  return parsed.success && sameShape(parsed.data, data) ? 'kept' : 'broken';
};

const sameShape = (promised: unknown, given: unknown): boolean => {
  if (typeof promised !== 'object' || promised === null || typeof given !== 'object' || given === null) return promised === given;
  const ours = Object.entries(promised);
  const theirs = new Map(Object.entries(given));
  return ours.length === theirs.size && ours.every(([name, value]) => theirs.has(name) && sameShape(value, theirs.get(name)));
};
