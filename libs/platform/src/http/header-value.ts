import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.js';
import { platformProblem } from './problem.js';
import type { InputSchema } from './validation.js';

/** Given to a parameter decorator as its data, it lets a malformed header (400) come before the scope (403), as the contract has it. */
export interface DeclaredHeader<Output> {
  readonly header: string;
  /** In a field, as a late body's. */
  readonly schema: InputSchema<Output>;
}

export function isDeclaredHeader(data: unknown): data is DeclaredHeader<unknown> {
  return typeof data === 'object' && data !== null && 'header' in data && 'schema' in data;
}

/** What the schema makes of a header, undefined without one. A header that cannot be understood is malformed syntax: 400. */
export function headerValue<Output>(request: FastifyRequest, { header: name, schema }: DeclaredHeader<Output>): Output | undefined {
  const header = request.headers[name.toLowerCase()];
  if (header === undefined) return undefined;
  const result = schema['~standard'].validate(String(header));
  if (result instanceof Promise) throw new TypeError('A schema of an input must not be asynchronous.');
  if (result.issues === undefined) return result.value;
  const message = `${name} ${result.issues[0]?.message ?? 'is not usable'}.`;
  throw new ApiError(platformProblem(400, 'parameter_invalid', message, { param: name }));
}

/** A decorator for the parameter that takes a header: `const IfMatch = headerParameter({ header: 'If-Match', schema })`. */
export function headerParameter<Output>(declared: DeclaredHeader<Output>): () => ParameterDecorator {
  const decorator = createParamDecorator((data: DeclaredHeader<Output>, context: ExecutionContext) =>
    headerValue(context.switchToHttp().getRequest<FastifyRequest>(), data),
  );
  return () => decorator(declared);
}
