import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ifMatchHeader } from '@scheduled-scripts/contracts';
import { headerValue } from '@scheduled-scripts/platform';
import type { FastifyRequest } from 'fastify';

/** `@IfMatch() ifVersion: number | undefined`: the version that the caller wants to change; undefined for any. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined =>
  headerValue(context.switchToHttp().getRequest<FastifyRequest>(), 'If-Match', ifMatchHeader),
);
