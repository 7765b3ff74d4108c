import { z } from 'zod';
import * as fields from './fields.js';

const ref = {
  executionId: fields.executionId,
  scriptId: fields.scriptId,
  siteId: fields.siteId,
  kind: z.enum(['rollout', 'test']).describe('A closed list. rollout: one of the sites of the script; test: its test site.'),
};
const failure = {
  reason: fields.failureReason,
  message: z
    .string()
    .nullable()
    .describe('What the router said, cleaned, in one line of at most 500 characters, or our own words; or null.'),
};
const outcome = 'completed: the script ran to its end; failed: it did not.';

export const siteExecutionSchemas = {
  'site-execution.requested.v1': z
    .object({
      ...ref,
      scriptVersion: fields.version,
      scriptSha256: fields.scriptSha256,
      organizationId: fields.organizationId,
      windowEndsAt: fields.windowEndsAt,
      makeBackup: fields.makeBackup,
      abortIfOffline: fields.abortIfOffline,
    })
    .meta({
      title: 'Execution requested',
      description: 'The script is to run at this site. Its text is in the messages about the script.',
    }),
  'site-execution.claimed.v1': z
    .object({ ...ref, owner: fields.owner })
    .meta({ title: 'Execution claimed', description: 'An executor took it up. Nothing was written to the router yet.' }),
  'site-execution.prepared.v1': z
    .object({
      ...ref,
      backup: z
        .object({ sha256: fields.backupSha256, bytes: fields.bytes, takenAt: fields.takenAt })
        .nullable()
        .describe('The backup of the configuration, or null where none was wanted.'),
    })
    .meta({ title: 'Execution prepared', description: 'The script lies on the router and can be started. It has not started.' }),
  'site-execution.issued.v1': z
    .object({
      ...ref,
      routerUptimeSeconds: z
        .number()
        .nonnegative()
        .describe('For how many seconds the router had been running: a smaller number later means that it rebooted.'),
    })
    .meta({ title: 'Execution issued', description: 'From here on the script may be running. It is never started a second time.' }),
  'site-execution.completed.v1': z
    .object(ref)
    .meta({ title: 'Execution completed', description: 'The script ran to its end at this site. Final.' }),
  'site-execution.failed.v1': z.object({ ...ref, ...failure }).meta({
    title: 'Execution failed',
    description: 'The script did not run to its end at this site. Final, unless the reason is outcome_unknown.',
  }),
  'site-execution.resolved.v1': z
    .discriminatedUnion('outcome', [
      z.object({ ...ref, outcome: z.literal('completed').describe(outcome) }),
      z.object({ ...ref, outcome: z.literal('failed').describe(outcome), ...failure }),
    ])
    .meta({ title: 'Execution resolved', description: 'How an outcome that was unknown turned out to be. It replaces the failure.' }),
};
