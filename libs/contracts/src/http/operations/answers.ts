import type { z } from 'zod';
import type { AnswerHeader } from './answer-headers.js';
import type { Answer, Content, Examples } from './operation.js';

export const json = (schema: z.ZodType, examples: Examples): Content => ({ mediaType: 'application/json', schema, examples });

export const jsonList = (schema: z.ZodType, examples: Examples): Content => ({ ...json(schema, examples), isList: true });

export const notModified = (entityTag: AnswerHeader = 'ETag'): Answer => ({
  description: 'What `If-None-Match` names is still what you would get. No body.',
  headers: [entityTag, 'Cache-Control'],
});

/** Of commands whose effect is seen elsewhere. */
export const accepted = (description: string): Answer => ({ description });
