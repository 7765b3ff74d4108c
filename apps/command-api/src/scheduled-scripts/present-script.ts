import { entityTagOfJson, scheduledScriptJson, viewOfScript } from '@scheduled-scripts/contracts';
import { summaryOf, type ScheduledScript, type ScriptSummaryState } from '@scheduled-scripts/domain';
import type { Presented } from '../http/presented.js';

/**
 * The resource as the decision left it; what is read elsewhere may be older. `latestSummary` is a stream of its own, which no decision
 * needs: whoever answers with a script that is not new reads it beside.
 */
export const presentScript = (script: ScheduledScript, status: 200 | 201, latestSummary: ScriptSummaryState = null): Presented => {
  const body = JSON.stringify(scheduledScriptJson(viewOfScript(script, summaryOf(script, latestSummary)), Date.now()));
  const ETag = entityTagOfJson(script.version, body);
  return { status, headers: status === 201 ? { ETag, Location: `/scripts/scheduled/${script.id}` } : { ETag }, body };
};
