import type { Json, JsonObject } from '../../json.js';
import { answerHeaders, type AnswerHeader } from '../operations/answer-headers.js';

const described = (name: AnswerHeader): JsonObject => {
  const header = answerHeaders[name];
  return {
    description: header.description,
    ...('sometimes' in header ? {} : { required: true }),
    schema: { type: 'string', ...('pattern' in header ? { pattern: header.pattern } : {}) },
    ...('example' in header ? { example: header.example } : {}),
  };
};

export const headerComponents = (): JsonObject =>
  Object.fromEntries(Object.keys(answerHeaders).map((name) => [name, described(name as AnswerHeader)]));

const nameOf = (header: AnswerHeader): string => {
  const known = answerHeaders[header];
  return 'name' in known ? known.name : header;
};

/** `Request-Id` and these. */
export const answerHeadersOf = (names: readonly AnswerHeader[]): Readonly<Record<string, Json>> =>
  Object.fromEntries((['Request-Id', ...names] as const).map((name) => [nameOf(name), { $ref: `#/components/headers/${name}` }]));
