import { z } from 'zod';
import { scriptId, scriptSha256 } from './fields.js';

export const scriptSummarySchemas = {
  'script-summary.summarized.v1': z
    .object({ scriptId, scriptSha256, summary: z.string().describe('What the script does, in plain words. Written by a machine.') })
    .meta({ title: 'Script summarized', description: 'A text about the script with this SHA-256. Nothing was decided by it.' }),
};
