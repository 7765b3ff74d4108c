import { entityTagOf, scheduledScriptJson, viewOfScript } from '@scheduled-scripts/contracts';
import type { ScheduledScript } from '@scheduled-scripts/domain';
import type { Presented } from '../http/presented.js';

/**
 * The resource as the decision left it; what is read elsewhere may be older. `summary` is null here: machines write it to a stream
 * of its own, which no decision needs, and readers have it from the read model.
 */
export const presentScript = (script: ScheduledScript, status: 200 | 201): Presented => {
  const resource = scheduledScriptJson(viewOfScript(script), Date.now());
  const headers = { ETag: entityTagOf(script.version, resource) };
  const location = { Location: `/scripts/scheduled/${script.id}` };
  return { status, headers: status === 201 ? { ...headers, ...location } : headers, body: JSON.stringify(resource) };
};
