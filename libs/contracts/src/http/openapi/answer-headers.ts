import type { Json, JsonObject } from '../../json.js';
import { answerHeaders, type AnswerHeader } from '../operations/answer-headers.js';

const described = (name: AnswerHeader): JsonObject => {
  const header = answerHeaders[name];
  return {
    description: header.description,
    ...('sometimes' in header ? {} : { required: true }),
    schema: { type: 'string' },
    ...('example' in header ? { example: header.example } : {}),
  };
};

export const headerComponents = (): JsonObject =>
  Object.fromEntries(Object.keys(answerHeaders).map((name) => [name, described(name as AnswerHeader)]));

/** `Request-Id` and these. */
export const answerHeadersOf = (names: readonly AnswerHeader[]): Readonly<Record<string, Json>> =>
  Object.fromEntries(['Request-Id', ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]));
