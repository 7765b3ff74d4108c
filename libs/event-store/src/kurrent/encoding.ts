import type { JSONEventData } from '@eventstore/db-client';
import { encodeAppend, type EncodedAppend, type EncodedEvent } from '../append-rules.js';
import { InvalidAppend, type StreamAppend } from '../event-store.js';

/** Servers before 24 take 1 MiB, types and some bytes an event included. The largest plan and the largest result have under 800 kB. */
const maxAppendBytes = 1_000_000;

export const encode = (append: StreamAppend): EncodedAppend => {
  const encoded = encodeAppend(append);
  const bytes = encoded.bytes + encoded.events.reduce((sum, { type }) => sum + 2 * type.length, 0);
  if (bytes > maxAppendBytes) throw new InvalidAppend(`${append.stream}: an append has at most ${maxAppendBytes} bytes`);
  return encoded;
};

/** Read back from our own encoding: turning it into JSON once more cannot fail, and nobody can change it meanwhile. */
export const clientEvent = ({ id, type, data, metadata }: EncodedEvent): JSONEventData => ({
  id,
  type,
  contentType: 'application/json',
  data: JSON.parse(data),
  metadata: JSON.parse(metadata),
});
