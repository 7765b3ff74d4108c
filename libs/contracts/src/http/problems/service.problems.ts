import type { ProblemEntry } from './problem-entry.js';

/** The request was good: its time was not. */
export const serviceProblems = {
  revision_mismatch: {
    status: 412,
    message: 'The script has changed since the version that If-Match names.',
    meaning: 'The script or site has been changed since the version that `If-Match` names; nothing was done.',
    remedy: 'Fetch it again, look at what has changed, and send the request with the new `ETag` if it is still what you want.',
  },
  too_many_requests: {
    status: 429,
    message: 'Too many requests: slow down.',
    meaning: 'You send more requests a second, follow more streams or check more sites at a time than one caller may.',
    remedy: 'Send the request again, with the same `Idempotency-Key` if it had one, after as many seconds as `Retry-After` says.',
  },
  internal_server_error: {
    status: 500,
    message: 'Something went wrong on our side.',
    meaning: 'Something went wrong on our side, and what was asked for may have been done or not.',
    remedy:
      'Send the request again only with the same `Idempotency-Key`, or after looking at how things stand. ' +
      'If it happens again, tell those who run the service the `Request-Id`.',
  },
  dependency_unavailable: {
    status: 503,
    message: 'A part of the service cannot be reached now. Try again shortly.',
    meaning:
      'Something that is needed for an answer does not answer now, and what was asked for may have been done or not; or, where `message` says ' +
      'so, too many change the same script at the same moment, and nothing was done.',
    remedy:
      'Send the request again after as many seconds as `Retry-After` says; what creates something with the same `Idempotency-Key`, ' +
      'what changes something with the same `If-Match`.',
  },
  projection_behind: {
    status: 503,
    message: 'The version that Min-Version names is not visible yet. Try again shortly.',
    meaning: 'What you want to read is behind the version that `Min-Version` names, and has not caught up in 2 seconds.',
    remedy: 'Ask again after as many seconds as `Retry-After` says. If it goes on, see that the version is one that was answered to you.',
  },
} as const satisfies Record<string, ProblemEntry>;
