import { commentOf, objectNames } from './object-names.js';
import type { RouterVersion } from './router-version.js';

/** The longest part of an error's text that is kept on the router. */
const keptMessage = 200;

/**
 * What runs on the router. It takes the ticket by name: the console's `remove` of a missing name is an error, so a second start ends
 * there, before the user's script. (`[find name=…]` would find nothing and say nothing.) Then it marks what it does beside the script.
 */
export const wrapperSource = (installation: string, executionId: string, version: RouterVersion): string => {
  const { script, ticket } = objectNames(executionId);
  const mark = (marker: string): string => `/system script set "${script}" comment="${commentOf(installation, executionId, marker)}"`;
  const markError = `/system script set "${script}" comment=("${commentOf(installation, executionId, 'err:')}" . [:pick $e 0 ${keptMessage}])`;
  const run = version.catchesMessages
    ? `:onerror e in={ /system script run "${script}" } do={ :set failed true; ${markError} }`
    : `:do { /system script run "${script}" } on-error={ :set failed true; ${mark('err:')} }`;
  return [`/system script remove "${ticket}"`, mark('started'), ':local failed false', run, `:if (!$failed) do={ ${mark('ok')} }`].join(
    '\n',
  );
};
