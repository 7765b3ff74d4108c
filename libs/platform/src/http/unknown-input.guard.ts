import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { FastifyRequest } from 'fastify';
import { refuseUnknownFields, unknownFields, type InputSchema } from './validation.js';
import type { LateBodyData } from './validation.pipe.js';

type Part = 'body' | 'query';

interface Declared {
  /** Absent where the handler takes the part as it is. */
  readonly schema?: InputSchema<unknown> | undefined;
}

interface ParameterMetadata {
  readonly data?: unknown;
  readonly schema?: InputSchema<unknown>;
}

/**
 * Refuses fields of a body or query that the handler does not declare: a client that sends `dry_run` must not believe it was
 * honoured. A guard, because the contract puts this (400) before the scope (403), and pipes run after all guards.
 */
export class UnknownInputGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const metadata: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name);
    const parameters = Object.entries((metadata ?? {}) as Record<string, ParameterMetadata>);
    for (const part of ['query', 'body'] as const) this.check(part, request[part], declared(part, parameters));
    return true;
  }

  private check(part: Part, value: unknown, declaration: Declared | undefined): void {
    if (value === undefined) return;
    if (declaration?.schema !== undefined) {
      refuseUnknownFields(declaration.schema, value, part);
    } else if (declaration === undefined) {
      const names = typeof value === 'object' && value !== null ? Object.keys(value) : [part];
      if (names.length > 0) throw unknownFields(names);
    }
  }
}

function declared(part: Part, parameters: readonly (readonly [string, ParameterMetadata])[]): Declared | undefined {
  const type = part === 'body' ? RouteParamtypes.BODY : RouteParamtypes.QUERY;
  for (const [key, { schema, data }] of parameters) {
    // Whoever takes the whole request looks after it.
    if (key.startsWith(`${RouteParamtypes.REQUEST}:`)) return {};
    if (key.startsWith(`${type}:`)) return data === undefined ? { schema } : {};
    if (part === 'body' && isLateBody(data)) return { schema: data.late };
  }
  return undefined;
}

function isLateBody(data: unknown): data is LateBodyData {
  return typeof data === 'object' && data !== null && 'late' in data;
}
