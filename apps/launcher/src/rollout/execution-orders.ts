import type { ExecutionOrder, ScheduledScript, Timestamp } from '@scheduled-scripts/domain';
import { rolloutExecutionId, testExecutionId } from './execution-id.js';

const orderAt = (script: ScheduledScript, siteId: string, windowEndsAt: Timestamp) => ({
  scriptId: script.id,
  scriptVersion: script.version,
  scriptSha256: script.scriptSha256,
  organizationId: script.organizationId,
  siteId,
  windowEndsAt,
  makeBackup: script.makeBackup,
  abortIfOffline: script.abortIfOffline,
});

/** One order a site of a launched script; none before the launch. */
export const rolloutOrders = (script: ScheduledScript): readonly ExecutionOrder[] => {
  const { windowEndsAt } = script;
  if (script.status !== 'launched' || windowEndsAt === null) return [];
  return script.sites.map((siteId) => ({
    executionId: rolloutExecutionId(script.id, siteId),
    kind: 'rollout',
    ...orderAt(script, siteId, windowEndsAt),
  }));
};

/** `script` as it stood when the test was asked for. */
export const testOrder = (script: ScheduledScript, siteId: string, number: number, windowEndsAt: Timestamp): ExecutionOrder => ({
  executionId: testExecutionId(script.id, number, siteId),
  kind: 'test',
  ...orderAt(script, siteId, windowEndsAt),
});
