import { AsyncLocalStorage } from 'node:async_hooks';

/** What everything that follows from one request or one message is logged and recorded under. */
export interface RequestContext {
  /** Of an HTTP request; what `Request-Id` of its answer says. */
  readonly requestId?: string;
  /** One for all that follows from one request. */
  readonly correlationId: string;
  /** The id of the event, or of the request, that this follows from. */
  readonly causationId: string;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** `undefined` outside of a request or message. */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Runs the function, and all that it awaits, in a context; for workers that handle messages. */
export function runInContext<T>(context: RequestContext, fn: () => T): T {
  return storage.run(context, fn);
}
