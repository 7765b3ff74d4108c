import { ErrorType, type WrongExpectedVersionError } from '@eventstore/db-client';
import { InvalidAppend, StoreUnavailable, type ExpectedRevision } from '../event-store.js';

/** An operator has deleted the stream for good: it can be neither read nor written any more. For a human. */
export class StreamGone extends Error {
  readonly code = 'stream_gone';
  constructor(stream: string) {
    super(`${stream} has been deleted for good`);
    this.name = 'StreamGone';
  }
}

/** Somebody has written into one of our streams by hand: to go on would be to skip what it means. For a human. */
export class ForeignEvent extends Error {
  readonly code = 'foreign_event';
  constructor(stream: string, revision: bigint) {
    super(`event ${revision} of ${stream} was not written by this system`);
    this.name = 'ForeignEvent';
  }
}

/** No answer within our own time: what became of the call is not known. */
export class NoAnswer extends Error {
  readonly code = 'no_answer';
  constructor(millis: number) {
    super(`no answer within ${millis} ms`);
    this.name = 'NoAnswer';
  }
}

const field = (error: unknown, name: 'type' | 'code'): unknown =>
  typeof error === 'object' && error !== null && name in error ? (error as Readonly<Record<string, unknown>>)[name] : undefined;

export const isOfType = (error: unknown, type: ErrorType): boolean => field(error, 'type') === type;

/** Where the stream stood when an append was refused; `null` for every other error. */
export const actualRevision = (error: unknown): ExpectedRevision | null => {
  if (!isOfType(error, ErrorType.WRONG_EXPECTED_VERSION)) return null;
  const { actualVersion } = error as WrongExpectedVersionError;
  return typeof actualVersion === 'bigint' ? Number(actualVersion) : 'no-stream';
};

/** 3, `INVALID_ARGUMENT`: how newer servers refuse a position that is none. */
export const isInvalidArgument = (error: unknown): boolean => field(error, 'code') === 3;

/** Nothing came back: the connection may be dead while another one would live. A broken one the client replaces by itself. */
export const wentUnanswered = (error: unknown): boolean => error instanceof NoAnswer || isOfType(error, ErrorType.DEADLINE_EXCEEDED);

/** What the port's callers get. Whatever is not known to be an answer leaves the outcome open: a repeat tells. */
export const storeError = (error: unknown, stream: string): Error => {
  if (error instanceof StoreUnavailable || error instanceof ForeignEvent) return error;
  if (isOfType(error, ErrorType.STREAM_DELETED)) return new StreamGone(stream);
  if (isOfType(error, ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED))
    return new InvalidAppend(`${stream}: the server does not take so many bytes`);
  return new StoreUnavailable('the event store cannot answer now', { cause: error });
};
