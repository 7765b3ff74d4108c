import { eventStoreVariables, messagingVariables, secret, serviceEnvironment, wholeNumber } from '@scheduled-scripts/platform';
import { z } from 'zod';

const needed = (path: string, by: string) => ({ code: 'custom' as const, path: [path], message: `is needed with ${by}` });

const variables = serviceEnvironment.extend({
  DATABASE_URL: secret().describe('Postgres URL of the summarizer’s own schema'),
  ...eventStoreVariables,
  ...messagingVariables,
  SUMMARIES_AT_ONCE: wholeNumber({ min: 1, max: 64 }).default(4).describe('Scripts that are summarized side by side'),
  SUMMARY_MODEL_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Base URL of an OpenAI-compatible API, e.g. https://models.example/v1; without it the built-in explainer writes'),
  SUMMARY_MODEL: z.string().min(1).max(200).optional().describe('Name of the language model; needed with SUMMARY_MODEL_URL'),
  SUMMARY_MODEL_KEY: secret().optional().describe('Key of the API, where it asks for one'),
  SUMMARY_MODEL_TIMEOUT_MILLIS: wholeNumber({ min: 100, max: 300_000 })
    .default(30_000)
    .describe('How long the model may take for one script, repeats included; after that the explainer writes'),
});

export const summarizerEnvironment = variables.superRefine((env, context) => {
  const { SUMMARY_MODEL_URL: url, SUMMARY_MODEL: model, SUMMARY_MODEL_KEY: key } = env;
  if (url !== undefined && model === undefined) context.addIssue(needed('SUMMARY_MODEL', 'SUMMARY_MODEL_URL'));
  if (url === undefined && model !== undefined) context.addIssue(needed('SUMMARY_MODEL_URL', 'SUMMARY_MODEL'));
  if (url === undefined && key !== undefined) context.addIssue(needed('SUMMARY_MODEL_URL', 'SUMMARY_MODEL_KEY'));
});

export type SummarizerEnvironment = z.output<typeof summarizerEnvironment>;
