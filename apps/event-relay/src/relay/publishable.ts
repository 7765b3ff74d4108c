import type { EventMessage } from '@scheduled-scripts/contracts';

const maxMessages = 500;
/** A broker refuses a batch of more than 1 MB whole. */
const maxBytes = 768 * 1024;
const headerBytes = 1_024;

/** Cuts messages into runs that one publish may carry, in order. A message that is too large for any run goes alone. */
export function* publishable(messages: readonly EventMessage[]): Generator<readonly EventMessage[], void, undefined> {
  let run: EventMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.value) + headerBytes;
    if (run.length > 0 && (run.length === maxMessages || bytes + size > maxBytes)) {
      yield run;
      run = [];
      bytes = 0;
    }
    run.push(message);
    bytes += size;
  }
  if (run.length > 0) yield run;
}
