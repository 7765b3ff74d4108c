import type { z } from 'zod';
import type { Json, JsonObject } from '../../json.js';
import { tags, type Answer, type Content, type Examples, type Operation } from '../operations/operation.js';
import { requestHeaders, type Parameter } from '../operations/parameters.js';
import { about } from './about.js';
import { answerHeadersOf, headerComponents } from './answer-headers.js';
import { schemas } from './components.js';
import { operationsOf, type Part } from './part.js';
import { problemAnswers, problemExamples } from './problem-answers.js';

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;

const examplesOf = (examples: Examples | undefined): JsonObject =>
  examples === undefined || Object.keys(examples).length === 0 ? {} : { examples: asJson(examples) };

const schemaOf = ({ schema, isList, events }: Content): JsonObject => {
  if (events) return { type: 'string' };
  return isList ? { type: 'array', items: schemas.of(schema) } : schemas.of(schema);
};

const contentOf = (content: Content): JsonObject => ({
  [content.mediaType]: {
    schema: schemaOf(content),
    ...examplesOf(content.examples),
    // OpenAPI 3.1 has no words for the single events of a stream.
    ...(content.events
      ? { 'x-events': Object.fromEntries(Object.entries(content.events).map(([name, schema]) => [name, schemas.of(schema)])) }
      : {}),
  },
});

const answerOf = ({ description, headers = [], content }: Answer): JsonObject => ({
  description,
  headers: answerHeadersOf(headers),
  ...(content ? { content: contentOf(content) } : {}),
});

const parameterOf = (place: 'path' | 'query' | 'header', { name, schema, description, example }: Parameter): JsonObject => {
  const { description: _said, ...form } = schemas.of(schema);
  return {
    name,
    in: place,
    required: place === 'path',
    description,
    schema: form,
    ...(example === undefined ? {} : { example: asJson(example) }),
  };
};

const queryParameters = (query: z.ZodObject): readonly JsonObject[] =>
  Object.entries(query.shape).map(([name, schema]) => {
    const described = schema as z.ZodType;
    const { description } = schemas.of(described);
    return parameterOf('query', { name, schema: described, description: typeof description === 'string' ? description : '' });
  });

const operationOf = (operation: Operation): JsonObject => {
  const { id, tag, access, summary, description, pathParameters = [], query, headers = [], body, answers } = operation;
  const parameters = [
    ...pathParameters.map((parameter) => parameterOf('path', parameter)),
    ...(query ? queryParameters(query) : []),
    ...headers.map((name) => parameterOf('header', requestHeaders[name])),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    security: access === 'public' ? [] : [{ bearer: [...access] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemas.of(body.schema), ...examplesOf(body.examples) } },
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      ...problemAnswers(operation),
    },
  };
};

const pathsOf = (served: readonly Operation[]): JsonObject => {
  const paths = new Map<string, JsonObject>();
  for (const operation of served) {
    const path = paths.get(operation.path) ?? {};
    paths.set(operation.path, { ...path, [operation.method.toLowerCase()]: operationOf(operation) });
  }
  return Object.fromEntries(paths);
};

/** OpenAPI 3.1 of what a service serves, or both behind the gateway. Pure: the same code gives the same document. */
export const openApiDocument = (part: Part): JsonObject => {
  const served = operationsOf(part);
  const used = new Set(served.map(({ tag }) => tag));
  const paths = pathsOf(served);
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base',
    info: about(part),
    // Relative to where the document was read, so that it holds at whatever address it is served.
    servers: [{ url: '.' }],
    tags: Object.entries(tags).flatMap(([name, description]) => (used.has(name as Operation['tag']) ? [{ name, description }] : [])),
    paths,
    components: {
      schemas: schemas.componentsFor(paths),
      examples: problemExamples(served),
      headers: headerComponents(),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'A token (RS256 or ES256) of the configured issuer and audience, with `sub`, `org_id`, and either `scope` (by spaces) or ' +
            '`permissions`. Each operation names the scopes that it needs.',
        },
      },
    },
  };
};
