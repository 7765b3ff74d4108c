import type { Timestamp } from '@scheduled-scripts/domain';
import { z } from 'zod';
import { siteIdInput, uuidForm } from './identifiers.js';

// Fields that several resources have. Each needs words and an example of its own: a client's author reads them one by one.

export const exampleIds = {
  script: '018f5bda-4690-7432-8472-358b2734f19b',
  execution: '6d1f0d2e-7b0a-5c0e-9a51-0c6f2f4f3b11',
  site: 'site_1AbCdEfGhIjKlMnOpQrStUv',
  testSite: 'site_2Al5z3gXyY5f6Z7h8j9k0l1m',
  author: 'auth0|642b7f3b8b3b3e3e3e3e3e3e',
  notified: 'auth0|5f9d4b3c2e1a0b006f8b4c5d',
} as const;

export const exampleEntityTag = '"3-V2PzUuSZc0kE4bJd1hXo8w"';

/** Lower case throughout, as we send it. */
export const uuid = (description: string, example: string) =>
  z
    .string()
    .regex(uuidForm)
    .meta({ format: 'uuid', description, examples: [example] });

const timestampForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;

/** An instant as we send it. No transformation, which would hide the examples from the document. */
export const timestamp = (description: string, example: string) =>
  z
    .custom<Timestamp>((value) => typeof value === 'string' && timestampForm.test(value))
    .meta({
      type: 'string',
      format: 'date-time',
      pattern: timestampForm.source,
      description: `${description} UTC, always with six fraction digits.`,
      examples: [example],
    });

export const timestampOrNull = (description: string, example: string | null) =>
  timestamp(description, example ?? '')
    .nullable()
    .meta({ description: `${description} UTC, always with six fraction digits.`, examples: [example] });

export const siteId = (description: string, example: string = exampleIds.site) => siteIdInput().meta({ description, examples: [example] });

export const siteIds = (description: string, ...example: readonly string[]) =>
  z.array(siteIdInput()).meta({ description, examples: [example], uniqueItems: true });
