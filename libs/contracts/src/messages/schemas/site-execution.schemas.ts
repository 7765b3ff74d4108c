import { z } from 'zod';
import { count, failureReason, number, sha256, siteId, timestamp, uuid } from './fields.js';

const ref = { executionId: uuid, scriptId: uuid, siteId, kind: z.enum(['rollout', 'test']) };
const failure = { reason: failureReason, message: z.string().nullable() };

export const siteExecutionSchemas = {
  'site-execution.requested.v1': z.object({
    ...ref,
    scriptVersion: number,
    scriptSha256: sha256,
    organizationId: z.string().min(1),
    windowEndsAt: timestamp,
    makeBackup: z.boolean(),
    abortIfOffline: z.boolean(),
  }),
  'site-execution.claimed.v1': z.object({ ...ref, owner: z.string().min(1) }),
  'site-execution.prepared.v1': z.object({ ...ref, backup: z.object({ sha256, bytes: count, takenAt: timestamp }).nullable() }),
  'site-execution.issued.v1': z.object({ ...ref, routerUptimeSeconds: z.number().nonnegative() }),
  'site-execution.completed.v1': z.object(ref),
  'site-execution.failed.v1': z.object({ ...ref, ...failure }),
  'site-execution.resolved.v1': z.discriminatedUnion('outcome', [
    z.object({ ...ref, outcome: z.literal('completed') }),
    z.object({ ...ref, outcome: z.literal('failed'), ...failure }),
  ]),
};
