import { z } from 'zod';
import { siteIdInput, userIdInput } from './identifiers.js';
import { defaultMaximumSites, limits } from './limits.js';
import { bytes, characters, unique } from './text-input.js';
import { timestampInput } from './timestamp-input.js';

export interface ScriptLimits {
  readonly maximumSites: number;
}

/** The bodies of POST and PUT. How many sites a script may target is configuration. */
export const scheduledScriptRequests = ({ maximumSites }: ScriptLimits = { maximumSites: defaultMaximumSites }) => {
  const body = {
    description: characters(1, limits.descriptionCharacters).describe('A human-readable name or description.'),
    script: bytes(1, limits.scriptBytes).describe('RouterOS source, stored and sent byte for byte.'),
    sites: unique(siteIdInput(), 1, maximumSites).describe('The sites at which the script runs.'),
    notify: unique(userIdInput(), 0, limits.notifyUsers).default([]).describe('Who is asked to approve, or told how it went.'),
    make_backup: z.boolean().default(false).describe('Take a configuration backup on each site before the script runs there.'),
  };
  const launchAt = timestampInput().describe('When the script runs; in the future.');
  const testSiteId = siteIdInput().nullable().describe('The site for test runs.');
  const abortIfOffline = z.boolean().describe('Whether a site that is offline at launch fails at once.');
  return {
    create: z.strictObject({
      ...body,
      launch_at: launchAt,
      test_site_id: testSiteId.default(null),
      abort_if_offline: abortIfOffline.default(false),
    }),
    /** What is optional and not given stays as it is. */
    revise: z.strictObject({
      ...body,
      launch_at: launchAt.optional(),
      test_site_id: testSiteId.optional(),
      abort_if_offline: abortIfOffline.optional(),
    }),
  };
};

type Requests = ReturnType<typeof scheduledScriptRequests>;
export type CreateScriptRequest = z.output<Requests['create']>;
export type ReviseScriptRequest = z.output<Requests['revise']>;
