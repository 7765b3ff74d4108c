import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ifMatchHeader } from '@scheduled-scripts/contracts';
import type { FastifyRequest } from 'fastify';
import { headerValue } from './header-value.js';

/** `@IfMatch() ifVersion: number | undefined`: the version that the caller wants to change; undefined for any. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined =>
  headerValue(context.switchToHttp().getRequest<FastifyRequest>(), 'If-Match', ifMatchHeader),
);
