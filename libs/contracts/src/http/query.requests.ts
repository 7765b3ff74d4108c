import { z } from 'zod';
import { siteIdInput } from './identifiers.js';
import { limits } from './limits.js';
import { scriptStatuses } from './scheduled-script.resource.js';
import { timestampInput } from './timestamp-input.js';

const page = {
  limit: z
    .string()
    .regex(/^\d{1,4}$/, { error: 'must be a whole number' })
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= limits.pageRows, { error: `must lie between 1 and ${limits.pageRows}` })
    .meta({
      description: `At most so many entries; ${limits.pageRows} unless given. A page also ends at 8 MiB.`,
      type: 'integer',
      minimum: 1,
      maximum: limits.pageRows,
    })
    .optional(),
  cursor: z
    .string()
    .regex(/^[0-9A-Za-z_-]{1,300}$/, { error: 'must be taken from a Link header' })
    .describe('Where the page begins, as the Link header of the page before says.')
    .optional(),
};

/** The query of lists without filters. */
export const pageQuery = z.strictObject(page);

export const scheduledScriptListQuery = z.strictObject({
  status: z.enum(scriptStatuses).describe('Only scripts that are in this state.').optional(),
  site: siteIdInput().describe('Only scripts that target this site.').optional(),
  launch_after: timestampInput().describe('Only scripts whose launch_at is this instant or later.').optional(),
  launch_before: timestampInput().describe('Only scripts whose launch_at is earlier than this instant.').optional(),
  ...page,
});

export type PageQuery = z.output<typeof pageQuery>;
export type ScheduledScriptListQuery = z.output<typeof scheduledScriptListQuery>;
