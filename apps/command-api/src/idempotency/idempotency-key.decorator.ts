import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { idempotencyKeyHeader } from '@scheduled-scripts/contracts';
import { headerValue, type DeclaredHeader } from '@scheduled-scripts/platform';
import type { FastifyRequest } from 'fastify';
import { bodyDigest } from './body-digest.js';
import type { KeyedRequest } from './idempotency-keys.js';

export type GivenKey = Pick<KeyedRequest, 'key' | 'route' | 'requestSha256'>;

const givenKey = createParamDecorator((declared: DeclaredHeader<string>, context: ExecutionContext): GivenKey | null => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const key = headerValue(request, declared);
  if (key === undefined) return null;
  return { key, route: `${request.method} ${request.routeOptions.url ?? ''}`, requestSha256: bodyDigest(request.body) };
});

/** `@IdempotencyKey() given: GivenKey | null`: the key that the caller has given to its request, and what the request is. */
export const IdempotencyKey = (): ParameterDecorator => givenKey({ header: 'Idempotency-Key', schema: idempotencyKeyHeader });
