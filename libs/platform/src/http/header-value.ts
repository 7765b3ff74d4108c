import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.js';
import type { InputSchema } from './validation.js';

/** What the schema makes of a header, undefined without one. A header that cannot be understood is malformed syntax: 400. */
export function headerValue<Output>(request: FastifyRequest, name: string, schema: InputSchema<Output>): Output | undefined {
  const header = request.headers[name.toLowerCase()];
  if (header === undefined) return undefined;
  const result = schema['~standard'].validate(String(header));
  if (result instanceof Promise) throw new TypeError('A schema of an input must not be asynchronous.');
  if (result.issues === undefined) return result.value;
  const message = `${name} ${result.issues[0]?.message ?? 'is not usable'}.`;
  throw new ApiError({ status: 400, type: 'invalid_request_error', code: 'parameter_invalid', param: name, message });
}
