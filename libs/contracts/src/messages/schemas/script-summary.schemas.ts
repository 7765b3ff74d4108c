import { z } from 'zod';
import { sha256, uuid } from './fields.js';

export const scriptSummarySchemas = {
  'script-summary.summarized.v1': z.object({ scriptId: uuid, scriptSha256: sha256, summary: z.string() }),
};
