import { createParamDecorator, type ArgumentMetadata, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { validated, type InputSchema } from './validation.js';

/** Validates what `@Body({ schema })`, `@Query({ schema })` and `@Param('id', { schema })` take; the schema's output is the argument. */
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, { schema, type, data }: ArgumentMetadata): unknown {
    if (schema === undefined || type === 'custom') return value;
    return validated(schema as InputSchema<unknown>, value, data ?? type);
  }
}

/** The body's meaning, judged when the handler asks. */
export type LateBody<Output> = () => Output;

/**
 * `@LateBody(schema) body: LateBody<Draft>`: fields that nobody asked for are refused before the handler runs, but what the body
 * means (422) only when the handler calls it, because the contract puts 404, 412 and 409 before that.
 */
export function LateBody(schema: InputSchema<unknown>): ParameterDecorator {
  return lateBody({ late: schema });
}

/** The schema sits in a field: an object that has a `transform`, as zod's do, would be taken for a pipe. */
export interface LateBodyData {
  readonly late: InputSchema<unknown>;
}

const lateBody = createParamDecorator(({ late }: LateBodyData, context: ExecutionContext) => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  return () => validated(late, body, 'body');
});
