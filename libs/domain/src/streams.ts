/** The names of the streams, one an aggregate. */
export const scheduledScriptStream = (scriptId: string): string => `scheduledScript-${scriptId}`;
export const siteExecutionStream = (executionId: string): string => `siteExecution-${executionId}`;
export const scriptSummaryStream = (scriptId: string): string => `scriptSummary-${scriptId}`;
