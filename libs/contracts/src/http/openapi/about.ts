import type { JsonObject } from '../../json.js';
import type { Part } from './part.js';

const titles: Readonly<Record<Part, string>> = {
  gateway: 'Scheduled scripts',
  'command-api': 'Scheduled scripts: commands',
  'query-api': 'Scheduled scripts: queries',
};

const intro = `
Runs one RouterOS script on many routers, at an agreed hour, after somebody other than its author has approved it, and says for each router
what happened.

**Times** are UTC with exactly six fraction digits, \`2025-10-30T10:00:00.000000Z\`. Given to us, they are RFC 3339 with an offset. Everything
that is called \`_ms\` counts milliseconds.

**Errors** are one flat object, \`Problem\`. They are looked for in this order: 401, what cannot be understood (400, 413, 415), 403, 404, 412,
409, 422. What each \`code\` means, and what to do about it, is at \`/docs/errors\`, where \`doc_url\` leads. Any operation may also answer 429, 500 or 503; those with \`Retry-After\` may be asked again after so many seconds. Every answer has a
\`Request-Id\`. Requests that are none at all get 400 or 417 \`malformed_request\`, 408 \`request_timeout\`, 414 \`url_too_long\` or 431 \`headers_too_large\`;
an unknown path 404 \`route_not_found\`; a method that a path does not serve 405 \`method_not_allowed\` with \`Allow\`.

**Unknown fields** of a body and unknown parameters of a query are 400 \`parameter_unknown\`: nothing is left out in silence. Where no body is
taken, none and \`{}\` are fine. Answers may gain fields in time.

**Versions.** \`ETag\` begins with a version. Send it as \`If-Match\` to change only what you have read, its number as \`Min-Version\` to read what
you have written: reading lags behind writing by a moment.

**Lists** are bare arrays. The next page is where the header \`Link\` says; without it there is none.
`;

export const about = (part: Part): JsonObject => ({
  title: titles[part],
  version: '1.0.0',
  description: intro.trim().replaceAll(/(?<!\n)\n(?!\n)/g, ' '),
});
