import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { minVersionHeader, problem } from '@scheduled-scripts/contracts';
import { ApiError } from '@scheduled-scripts/platform';
import type { FastifyRequest } from 'fastify';

/** `@MinVersion() minVersion: number | undefined`: the version that the caller has already seen. */
export const MinVersion = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['min-version'];
  if (header === undefined) return undefined;
  const version = minVersionHeader.safeParse(header);
  if (version.success) return version.data;
  const message = `Min-Version ${version.error.issues[0]?.message ?? 'is not usable'}.`;
  // A header that cannot be understood is malformed syntax.
  throw new ApiError({ ...problem('parameter_invalid', { param: 'Min-Version', message }), status: 400 });
});
