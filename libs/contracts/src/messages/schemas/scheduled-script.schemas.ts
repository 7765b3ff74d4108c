import { z } from 'zod';
import * as fields from './fields.js';

const { scriptId, siteId, userId, version, authorizationId } = fields;

const plan = {
  description: z.string().describe('What the author says it is for, 1 to 200 characters.'),
  script: z.string().describe('The RouterOS source, byte for byte as it was sent: 1 to 60 000 bytes of UTF-8.'),
  scriptSha256: fields.scriptSha256,
  launchAt: fields.launchAt,
  sites: z.array(siteId).describe('Where it is to run; each site once.'),
  notify: z.array(userId).describe('The users who are told.'),
  testSiteId: siteId.nullable().describe('The site for test runs, or null.'),
  makeBackup: fields.makeBackup,
  abortIfOffline: fields.abortIfOffline,
};

export const scheduledScriptSchemas = {
  'scheduled-script.created.v1': z.object({ scriptId, organizationId: fields.organizationId, ...plan }).meta({
    title: 'Script created',
    description: 'An author wrote a script and named its sites and its hour. Nobody has approved it yet.',
  }),
  'scheduled-script.revised.v1': z
    .object(plan)
    .meta({ title: 'Script revised', description: 'The whole plan as it stands after a change. An approval given before is void.' }),
  'scheduled-script.authorization-requested.v1': z
    .object({
      authorizationId,
      version: version.describe('The version that is to be approved.'),
      approvers: z.array(userId).describe('Who may approve, and gets a link by which to do it.'),
      informed: z.array(userId).describe('Who is told, and gets no link.'),
      unknown: z.array(userId).describe('Who was to be told, and is not known to the user directory.'),
    })
    .meta({ title: 'Authorization requested', description: 'Somebody asked for the approval of the script as it stands.' }),
  'scheduled-script.authorized.v1': z
    .object({
      version: version.describe('The version that was approved.'),
      authorizationId: authorizationId.nullable().describe('The request whose link was used, or null: approved without a link.'),
    })
    .meta({ title: 'Script authorized', description: 'Another person than an author approved it: it will be launched at its hour.' }),
  'scheduled-script.cancelled.v1': z
    .object({
      reason: z
        .enum(['requested', 'launch_missed'])
        .describe('A closed list. requested: somebody withdrew it; launch_missed: its hour had passed by more than the grace.'),
    })
    .meta({ title: 'Script cancelled', description: 'It will never be launched. Nothing revives it.' }),
  'scheduled-script.launched.v1': z
    .object({
      trigger: z.enum(['schedule', 'hand']).describe('A closed list. schedule: its hour had come; hand: somebody launched it.'),
      windowEndsAt: fields.windowEndsAt,
    })
    .meta({ title: 'Script launched', description: 'The rollout begins: it is now executed at each of its sites.' }),
  'scheduled-script.test-requested.v1': z
    .object({ siteId, number: fields.testNumber, windowEndsAt: fields.windowEndsAt })
    .meta({ title: 'Test requested', description: 'The script as it stands is to be tried at its test site. No part of the rollout.' }),
  'scheduled-script.rollout-aborted.v1': z.object({}).meta({
    title: 'Rollout aborted',
    description: 'Sites where the script has not started are left out; where it runs, it runs to its end.',
  }),
  'scheduled-script.rollout-completed.v1': z
    .object({
      completed: fields.sitesCompleted,
      failed: fields.sitesFailed,
      failedSites: z
        .array(
          z
            .object({ siteId, reason: fields.failureReason })
            .describe('One site that failed. What the router said is in its site-execution.failed.v1.'),
        )
        .describe('The failed sites; as many as `failed` says.'),
    })
    .meta({
      title: 'Rollout completed',
      description: 'Every site has an outcome. A later site-execution.resolved.v1 may still correct one that was not known.',
    }),
};
