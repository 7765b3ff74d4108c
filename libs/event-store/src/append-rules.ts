import { InvalidAppend, type NewEvent, type StreamAppend } from './event-store.js';

/** A plan with 60 000 bytes of script and 10 000 sites fits in, however its characters are escaped. */
const maxEventBytes = 2 * 1024 * 1024;
const maxAppendBytes = 4 * 1024 * 1024;
const maxEventsPerAppend = 1_000;

/** An event with its payloads as they go to the store. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  /** Of data and metadata in UTF-8. */
  readonly bytes: number;
}

export interface EncodedAppend {
  readonly stream: string;
  /** −1 for no stream. */
  readonly expected: number;
  readonly events: readonly EncodedEvent[];
  readonly bytes: number;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const name = /^[\x21-\x7e]{1,200}$/;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const json = (value: unknown, what: 'data' | 'metadata', id: string): string => {
  if (!isObject(value)) throw new InvalidAppend(`${what} of event ${id} is not an object`);
  try {
    return JSON.stringify(value);
  } catch {
    throw new InvalidAppend(`${what} of event ${id} is no JSON`);
  }
};

const encodeEvent = ({ id, type, data, metadata }: NewEvent): EncodedEvent => {
  if (!uuid.test(id)) throw new InvalidAppend('an event id must be a UUID in lower case');
  if (!name.test(type)) throw new InvalidAppend(`the type of event ${id} is no name`);
  const [dataText, metadataText] = [json(data, 'data', id), json(metadata, 'metadata', id)];
  const bytes = Buffer.byteLength(dataText) + Buffer.byteLength(metadataText);
  if (bytes > maxEventBytes) throw new InvalidAppend(`event ${id} has ${bytes} bytes; ${maxEventBytes} are allowed`);
  return { id, type, data: dataText, metadata: metadataText, bytes };
};

/** The port's rules, for every adapter: checked before anything is sent. */
export const encodeAppend = ({ stream, expected, events }: StreamAppend): EncodedAppend => {
  if (!name.test(stream)) throw new InvalidAppend('the stream has no proper name');
  if (expected !== 'no-stream' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new InvalidAppend(`${stream}: the expected revision must be "no-stream" or an integer from 0`);
  }
  if (events.length === 0) throw new InvalidAppend(`${stream}: an append has at least one event`);
  if (events.length > maxEventsPerAppend) throw new InvalidAppend(`${stream}: an append has at most ${maxEventsPerAppend} events`);
  if (events.length > 1 && new Set(events.map(({ id }) => id)).size < events.length)
    throw new InvalidAppend(`${stream}: two events have the same id`);
  const encoded = events.map(encodeEvent);
  const bytes = encoded.reduce((sum, event) => sum + event.bytes, 0);
  if (bytes > maxAppendBytes) throw new InvalidAppend(`${stream}: an append has at most ${maxAppendBytes} bytes`);
  return { stream, expected: expected === 'no-stream' ? -1 : expected, events: encoded, bytes };
};
