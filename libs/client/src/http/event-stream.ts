import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { pause } from './options.js';
import { ProblemError } from './problem-error.js';

export interface StreamEvent {
  readonly event: string;
  /** Where the stream goes on after this one; kept by whoever wants to go on later. */
  readonly id: string | undefined;
  readonly data: unknown;
}

export interface EventStreamOptions {
  readonly open: (lastEventId: string | undefined, signal: AbortSignal) => Promise<Response>;
  readonly signal: AbortSignal | undefined;
  readonly patienceMillis: number;
  readonly silenceMillis: number;
}

/** Until the service says otherwise. */
const firstPauseMillis = 1_000;

/** What no second attempt changes. */
const isFinal = (error: unknown): boolean => error instanceof ProblemError && error.status < 500 && error.status !== 429;

class Silence extends Error {
  override readonly name = 'Silence';
}

/** Follows a stream through its breaks. */
export async function* eventsOf<Event extends StreamEvent>(options: EventStreamOptions): AsyncGenerator<Event, void, undefined> {
  const { signal, patienceMillis } = options;
  const state: State = { lastEventId: undefined, pauseMillis: firstPauseMillis, heardAt: performance.now() };
  for (;;) {
    let wait = state.pauseMillis;
    try {
      for await (const message of messagesOf(options, state)) {
        if (message.event !== undefined) yield { event: message.event, id: message.id, data: JSON.parse(message.data) as unknown } as Event;
      }
      wait = state.pauseMillis;
    } catch (error) {
      signal?.throwIfAborted();
      if (isFinal(error) || error instanceof SyntaxError || performance.now() - state.heardAt > patienceMillis) throw error;
      const seconds = error instanceof ProblemError ? error.retryAfter : null;
      wait = Math.max(state.pauseMillis, (seconds ?? 0) * 1_000);
    }
    await pause(wait, signal);
  }
}

interface State {
  lastEventId: string | undefined;
  pauseMillis: number;
  heardAt: number;
}

/** Of one connection. */
async function* messagesOf({ open, silenceMillis }: EventStreamOptions, state: State): AsyncGenerator<EventSourceMessage, void, undefined> {
  const ending = new AbortController();
  let isOpen = false;
  const silent = (): void => ending.abort(new Silence(`nothing was heard for ${silenceMillis} ms`));
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const { body } = await open(state.lastEventId, ending.signal);
    isOpen = true;
    const received: EventSourceMessage[] = [];
    const parser = createParser({
      onEvent: (message) => received.push(message),
      onRetry: (millis) => (state.pauseMillis = millis),
    });
    const decoder = new TextDecoder();
    timer = setTimeout(silent, silenceMillis);
    for await (const chunk of body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(silent, silenceMillis);
      parser.feed(decoder.decode(chunk, { stream: true }));
      for (const message of received.splice(0)) {
        state.lastEventId = message.id ?? state.lastEventId;
        yield message;
      }
    }
  } finally {
    clearTimeout(timer);
    ending.abort();
    // From here on patience counts, however long the stream has lasted.
    if (isOpen) state.heardAt = performance.now();
  }
}
