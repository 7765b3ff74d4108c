import { randomUUID } from 'node:crypto';

// W3C Trace Context, level 2: version-traceid-parentid-flags. A later version may carry more fields; `ff` is forbidden.
const pattern = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The same trace with a span of our own; a trace of our own when the caller sent none, or a malformed one. */
export function continueTrace(received: string | undefined): string {
  const match = received === undefined || received.length > 512 ? null : pattern.exec(received);
  const [, version, traceId, , flags, more] = match ?? [];
  const valid = match !== null && (version !== '00' || more === undefined);
  const span = newSpanId();
  return valid ? `00-${traceId}-${span}-${flags}` : `00-${newTraceId()}-${span}-01`;
}

// Of UUIDs: Node draws the randomness for many of them at a time, which costs a tenth of a draw each. The digits of a span are all random.
function newTraceId(): string {
  return randomUUID().replaceAll('-', '');
}

function newSpanId(): string {
  const id = randomUUID();
  return id.slice(0, 8) + id.slice(-8);
}
