import { Body, Controller, Get, Module, Param, Post, Put, Query, ServiceUnavailableException, UnauthorizedException } from '@nestjs/common';
import { z } from 'zod';
import { ApiError } from '../api-error.js';
import { currentContext } from '../context/request-context.js';
import { NoHead } from '../http/no-head.decorator.js';
import { LateBody } from '../http/validation.pipe.js';

export const Draft = z.strictObject({
  name: z.string().min(1).max(20),
  at: z.iso.datetime({ offset: true }).optional(),
  sites: z.array(z.string().regex(/^site_/)).default([]),
  owner: z.strictObject({ mail: z.email() }).optional(),
});
export type Draft = z.output<typeof Draft>;

export const Filter = z.strictObject({
  limit: z.coerce.number().int().min(1).max(10).optional(),
  status: z.enum(['open', 'done']).optional(),
});
export type Filter = z.output<typeof Filter>;

const secretWords = 'select * from scripts where password = hunter2; at db.internal:5432';

/** What is thrown at the filter, by name. */
export const failures: Readonly<Record<string, () => unknown>> = {
  bug: () => new Error(secretWords),
  text: () => secretWords,
  nothing: () => undefined,
  database: () => Object.assign(new Error(secretWords), { code: 'database_unavailable' }),
  store: () => Object.assign(new Error(secretWords), { code: 'store_unavailable' }),
  messaging: () => Object.assign(new Error(secretWords), { code: 'messaging_unavailable' }),
  otherCode: () => Object.assign(new Error(secretWords), { code: 'ECONNREFUSED' }),
  nest401: () => new UnauthorizedException(secretWords),
  nest503: () => new ServiceUnavailableException(secretWords),
  conflict: () =>
    new ApiError({
      status: 409,
      type: 'conflict_error',
      code: 'script_cancelled',
      message: 'It is cancelled.',
      headers: { 'X-Why': 'so' },
    }),
  untrusted: () =>
    new ApiError(
      { status: 401, type: 'authentication_error', code: 'token_invalid', message: 'No.' },
      { cause: new Error('another issuer') },
    ),
  structural: () => ({ api: { status: 412, type: 'conflict_error', code: 'revision_mismatch', message: 'Somebody was faster.' } }),
  halfStructural: () => ({ api: { status: 200, type: 'conflict_error', code: 'x', message: secretWords } }),
};

@Controller('things')
export class ThingsController {
  launches = 0;

  @Get()
  list(@Query({ schema: Filter }) filter: Filter): unknown {
    return { filter, context: currentContext() };
  }

  @Post()
  create(@Body({ schema: Draft }) draft: Draft): unknown {
    return { draft, context: currentContext() };
  }

  @Get('launches')
  launched(): unknown {
    return { launches: this.launches };
  }

  @Get(':id/launch')
  @NoHead()
  launch(): unknown {
    this.launches += 1;
    return {};
  }

  @Get('fail/:how')
  fail(@Param('how') how: string): never {
    throw failures[how]?.();
  }

  @Get(':id')
  one(@Param('id', { schema: z.uuid() }) id: string): unknown {
    return { id };
  }

  @Put(':id')
  update(@Param('id') id: string, @LateBody(Draft) body: LateBody<Draft>): unknown {
    if (id === 'unknown') {
      throw new ApiError({ status: 404, type: 'not_found_error', code: 'thing_not_found', message: 'There is no such thing.' });
    }
    return body();
  }

  @Post(':id/start')
  start(): unknown {
    return { started: true };
  }
}

@Module({ controllers: [ThingsController] })
export class ThingsModule {}
