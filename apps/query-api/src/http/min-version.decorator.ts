import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { minVersionHeader } from '@scheduled-scripts/contracts';
import { headerValue } from '@scheduled-scripts/platform';
import type { FastifyRequest } from 'fastify';

/** `@MinVersion() minVersion: number | undefined`: the version that the caller has already seen. */
export const MinVersion = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined =>
  headerValue(context.switchToHttp().getRequest<FastifyRequest>(), 'Min-Version', minVersionHeader),
);
