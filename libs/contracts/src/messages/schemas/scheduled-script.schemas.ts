import { z } from 'zod';
import { count, failureReason, number, sha256, siteId, timestamp, userId, uuid } from './fields.js';

const plan = {
  description: z.string(),
  script: z.string(),
  scriptSha256: sha256,
  launchAt: timestamp,
  sites: z.array(siteId),
  notify: z.array(userId),
  testSiteId: siteId.nullable(),
  makeBackup: z.boolean(),
  abortIfOffline: z.boolean(),
};

export const scheduledScriptSchemas = {
  'scheduled-script.created.v1': z.object({ scriptId: uuid, organizationId: z.string().min(1), ...plan }),
  'scheduled-script.revised.v1': z.object(plan),
  'scheduled-script.authorization-requested.v1': z.object({
    authorizationId: z.string().min(1),
    version: number,
    approvers: z.array(userId),
    informed: z.array(userId),
    unknown: z.array(userId),
  }),
  'scheduled-script.authorized.v1': z.object({ version: number, authorizationId: z.string().min(1).nullable() }),
  'scheduled-script.cancelled.v1': z.object({ reason: z.enum(['requested', 'launch_missed']) }),
  'scheduled-script.launched.v1': z.object({ trigger: z.enum(['schedule', 'hand']), windowEndsAt: timestamp }),
  'scheduled-script.test-requested.v1': z.object({ siteId, number, windowEndsAt: timestamp }),
  'scheduled-script.rollout-aborted.v1': z.object({}),
  'scheduled-script.rollout-completed.v1': z.object({
    completed: count,
    failed: count,
    failedSites: z.array(z.object({ siteId, reason: failureReason })),
  }),
};
