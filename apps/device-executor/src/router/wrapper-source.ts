import type { RouterVersion } from '@scheduled-scripts/routeros';
import { commentOf, objectNames } from './object-names.js';

/** The longest part of an error's text that is kept on the router. */
const keptMessage = 200;

/**
 * What runs on the router. It takes the ticket by name: the console's `remove` of a missing name is an error, so a second start ends
 * there, before the user's script. (`[find name=…]` would find nothing and say nothing.) Then it marks what it does beside the script.
 * `ok` is marked outside of what catches errors: if that mark fails, nobody takes it for an error of the script.
 */
export const wrapperSource = (installation: string, executionId: string, version: RouterVersion): string => {
  const { script, ticket } = objectNames(executionId);
  const marked = (marker: string): string => `"${commentOf(installation, executionId, marker)}"`;
  const mark = (comment: string): string => `/system script set "${script}" comment=${comment}`;
  const run = `/system script run "${script}"`;
  const onError = version.catchesMessages
    ? // A message that does not fit into a comment is better lost than the fact that there was an error.
      `:do { ${mark(`(${marked('err:')} . [:pick $e 0 ${keptMessage}])`)} } on-error={ ${mark(marked('err:'))} }`
    : mark(marked('err:'));
  return [
    `/system script remove "${ticket}"`,
    mark(marked('started')),
    ':local failed false',
    version.catchesMessages
      ? `:onerror e in={ ${run} } do={ :set failed true; ${onError} }`
      : `:do { ${run} } on-error={ :set failed true; ${onError} }`,
    `:if (!$failed) do={ ${mark(marked('ok'))} }`,
  ].join('\n');
};
