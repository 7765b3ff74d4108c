import type { ProblemEntry } from './problem-entry.js';

/** A request that cannot be understood, whatever it is about. */
export const requestProblems = {
  malformed_request: {
    status: 400,
    otherStatuses: [417],
    message: 'The request is malformed.',
    meaning: 'What arrived is no usable HTTP request: its line, a header or its framing is wrong, or `Expect` asks for what nobody does.',
    remedy: 'Mend the client, or whatever stands in between and changes its requests. Sent again as it is, it is refused again.',
  },
  malformed_json: {
    status: 400,
    message: 'The body is not valid JSON.',
    meaning: 'The body is not JSON in UTF-8, has a key twice in one object, or is nested too deeply.',
    remedy: 'Mend what writes the body: `message` says what is wrong with it.',
  },
  parameter_unknown: {
    status: 400,
    message: 'The request has a parameter that does not exist.',
    meaning: 'The body or the query has a field that does not exist here, or no body is taken; nothing is left out in silence.',
    remedy: 'Leave out, or spell right, the field named by `param`; `body` is the whole of it. `errors` names every one.',
  },
  route_not_found: {
    status: 404,
    message: 'Nothing is served at this path.',
    meaning: 'Nothing is served at this path, by any method.',
    remedy: 'Compare the path with the API reference.',
  },
  method_not_allowed: {
    status: 405,
    message: 'This path does not serve that method.',
    meaning: 'Something is served at this path, but not by that method.',
    remedy: 'Use a method that the header `Allow` names.',
  },
  request_timeout: {
    status: 408,
    message: 'The request took too long to arrive.',
    meaning: 'The request did not arrive as a whole in time; nothing was done.',
    remedy: 'Send it again on a new connection, with the same `Idempotency-Key` if it had one.',
  },
  payload_too_large: {
    status: 413,
    message: 'The body is too large.',
    meaning: 'The body is larger than 1 MiB.',
    remedy: 'Send a smaller one. The fields of the API reference say how much each may hold.',
  },
  url_too_long: {
    status: 414,
    message: 'The address of the request is too long.',
    meaning: 'A part of the path is longer than anything that is served here.',
    remedy: 'Look at how the client makes the address. Follow `Link` as it is.',
  },
  unsupported_media_type: {
    status: 415,
    message: 'The body must be application/json.',
    meaning: 'The body is of another media type than JSON, or not in UTF-8, or is compressed or otherwise encoded.',
    remedy: 'Send JSON in UTF-8, with `Content-Type: application/json` and without a `Content-Encoding`.',
  },
  parameter_missing: {
    status: 422,
    message: 'A required parameter is missing.',
    meaning: 'A required field is not there.',
    remedy: 'Add the field named by `param`. `errors` names every field that is at fault.',
  },
  parameter_invalid: {
    status: 422,
    // Of a header, which is syntax.
    otherStatuses: [400],
    message: 'A parameter is not valid.',
    meaning: 'A field has a value that it cannot have; with 400 it is a header.',
    remedy: 'Correct the field or header named by `param`: `message` says what it may be. `errors` names every field that is at fault.',
  },
  headers_too_large: {
    status: 431,
    message: 'The headers of the request are too large.',
    meaning: 'The headers are larger than 16 KiB together.',
    remedy: 'Send fewer of them, or shorter ones. Cookies mean nothing here.',
  },
} as const satisfies Record<string, ProblemEntry>;
