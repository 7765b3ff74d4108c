import type { Json, JsonObject } from '../../json.js';
import type { Operation } from '../operations/index.js';
import { explanationOf, problem, problemCodes, type ProblemCode } from '../problem.js';
import { answerHeadersOf } from './answer-headers.js';
import { schemaRef } from './json-schema.js';
import { problemsOf, type PossibleProblem } from './problem-codes.js';

const words: Readonly<Record<number, string>> = {
  400: 'The request cannot be understood.',
  401: 'There is no token, or one that is not valid here.',
  403: 'The token is valid and does not allow this.',
  404: "It is not there, or is another organization's.",
  409: 'It cannot be done as things stand.',
  412: '`If-Match` names a version that no longer stands. Nothing was changed.',
  413: 'The body is larger than 1 MiB.',
  415: 'The body is not JSON in UTF-8, or has a `Content-Encoding`.',
  422: 'What the request means is not possible; `errors` names every field.',
  429: 'Too many requests of this caller: 50 a second are allowed, unless the installation says otherwise.',
  500: 'Our fault. The `Request-Id` helps us to find out what happened.',
  503: 'It cannot be answered now; `message` says why, and nothing is wrong with the request.',
};

const exampleRef = (code: ProblemCode): JsonObject => ({ $ref: `#/components/examples/${code}` });

/** An answer with that code, and what it means. Where `doc_url` leads services are told. */
const exampleOf = (code: ProblemCode): JsonObject => {
  const { type, message } = problem(code);
  const { meaning, remedy } = explanationOf(code);
  const value = { type, code, message, doc_url: `https://docs.scheduled-scripts.example/errors#${code}` };
  return { description: `${meaning} ${remedy}`, value };
};

/** What the answers of these operations refer to. */
export const problemExamples = (operations: readonly Operation[]): JsonObject => {
  const met = new Set(operations.flatMap(problemsOf).map(({ code }) => code));
  return Object.fromEntries(problemCodes.filter((code) => met.has(code)).map((code) => [code, exampleOf(code)]));
};

/** A conflict that may have gone by itself when one asks again. */
const passing: ReadonlySet<ProblemCode> = new Set(['idempotency_key_in_use', 'site_check_in_progress', 'site_in_use']);

const answerOf = (status: number, possible: readonly PossibleProblem[]): JsonObject => {
  const codes = [...new Set(possible.map(({ code }) => code))];
  const mayHelpLater = status === 429 || status === 503 || codes.some((code) => passing.has(code));
  return {
    description: `${words[status] ?? 'It failed.'} Codes: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
    headers: answerHeadersOf(mayHelpLater ? ['Retry-After'] : []),
    content: {
      'application/json': {
        schema: { allOf: [{ $ref: schemaRef('Problem') }, { properties: { code: { enum: codes } } }] },
        examples: Object.fromEntries(codes.map((code) => [code, exampleRef(code)])),
      },
    },
  };
};

/** An operation's errors, by status. */
export const problemAnswers = (operation: Operation): Readonly<Record<string, Json>> => {
  const byStatus = new Map<number, PossibleProblem[]>();
  for (const possible of problemsOf(operation)) {
    const status = possible.status ?? problem(possible.code).status;
    byStatus.set(status, [...(byStatus.get(status) ?? []), possible]);
  }
  const statuses = [...byStatus].sort(([one], [other]) => one - other);
  return Object.fromEntries(statuses.map(([status, possible]) => [String(status), answerOf(status, possible)]));
};
