import { z } from 'zod';
import type { Answered } from './answered.js';
import { exampleIds, timestamp } from './resource-fields.js';

export const historyEntryResource = z
  .object({
    type: z.string().meta({ description: 'The recorded event and its version.', examples: ['scheduled-script.authorized.v1'] }),
    at: timestamp('When it was recorded.', '2025-10-30T10:00:00.000000Z'),
    by: z.string().meta({ description: "Who did it: a user's `sub`, or `service:<name>`.", examples: [exampleIds.notified] }),
    data: z.record(z.string(), z.unknown()).meta({
      description: 'As it was recorded: what docs/asyncapi.json promises of the messages of this type. Its names are in camelCase.',
      examples: [{ version: 2 }],
    }),
  })
  .meta({
    title: 'History entry',
    description: 'One recorded event of a script, of its summary, or the outcome of one of its tests.',
  });

export type HistoryEntryJson = Answered<typeof historyEntryResource>;
