import { z } from 'zod';
import { siteIdInput, userIdInput } from './identifiers.js';
import { defaultMaximumSites, limits } from './limits.js';
import { bytes, line, unique } from './text-input.js';
import { timestampInput } from './timestamp-input.js';

export interface ScriptLimits {
  readonly maximumSites: number;
}

/** The bodies of POST and PUT. How many sites a script may target is configuration. */
export const scheduledScriptRequests = ({ maximumSites }: ScriptLimits = { maximumSites: defaultMaximumSites }) => {
  const body = {
    description: line(1, limits.descriptionCharacters).describe('A human-readable name or description.'),
    script: bytes(1, limits.scriptBytes).meta({
      description: 'RouterOS source, 1 to 60 000 bytes of UTF-8, stored and sent byte for byte.',
      // JSON Schema counts characters: no text of so many bytes has more.
      minLength: 1,
      maxLength: limits.scriptBytes,
    }),
    sites: unique(siteIdInput(), 1, maximumSites).meta({
      description: 'The sites at which the script runs; 10 000 at most, unless the installation says otherwise.',
      maxItems: defaultMaximumSites,
      uniqueItems: true,
    }),
    notify: unique(userIdInput(), 0, limits.notifyUsers).default([]).meta({
      description:
        'Users, by `sub`: approvers among them are asked for approval, all are told how it went. Who is not known is named in the history.',
      uniqueItems: true,
    }),
    make_backup: z
      .boolean()
      .default(false)
      .describe('Take a configuration backup on each site before the script runs there; if that fails, it does not run there.'),
  };
  const launchAt = timestampInput().describe(
    'When the script runs: RFC 3339 with an offset, in the future. Microseconds are kept, anything finer is cut.',
  );
  const testSiteId = siteIdInput().nullable().describe('The site for test runs.');
  const abortIfOffline = z
    .boolean()
    .describe('true: a site that is offline at the launch fails at once. false: it is tried until the execution window closes.');
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

/**
 * What the routes validate with: decorators need schemas before there is any configuration. How many sites are really allowed is checked
 * with the plan; 10 000 unless an installation says otherwise.
 */
export const scriptRequests = scheduledScriptRequests({ maximumSites: 100_000 });
