import type { ProblemEntry } from './problem-entry.js';

/** A caller who may not do this. */
export const accessProblems = {
  token_missing: {
    status: 401,
    message: 'A bearer token is required.',
    meaning: 'The request has no bearer token, and this cannot be asked without one.',
    remedy: 'Send `Authorization: Bearer …` with a token of your issuer.',
  },
  token_expired: {
    status: 401,
    message: 'The token has expired.',
    meaning: 'The token was good, and its time is over.',
    remedy: 'Get a new token and send the request again, with the same `Idempotency-Key` if it had one.',
  },
  token_invalid: {
    status: 401,
    message: 'The token is not valid here.',
    meaning: 'The token is none that is believed here: issuer, audience, signature or a claim is not as it has to be.',
    remedy: 'Get a token that was issued for this API. If it was, ask those who run the service: their log says which check failed.',
  },
  forbidden: {
    status: 403,
    message: 'The caller may not do this.',
    meaning: 'The token is valid, and this caller may not do this.',
    remedy: 'Ask those who run the service; have the `Request-Id` at hand.',
  },
  scope_missing: {
    status: 403,
    message: 'The token lacks the scope that this needs.',
    meaning: 'The token is valid and lacks the scope that this operation needs.',
    remedy: 'Get a token with the scope that `message` and the header `WWW-Authenticate` name, or have it granted to you.',
  },
} as const satisfies Record<string, ProblemEntry>;
