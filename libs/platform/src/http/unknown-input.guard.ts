import type { CanActivate, ExecutionContext, Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { FastifyRequest } from 'fastify';
import { headerValue, isDeclaredHeader, type DeclaredHeader } from './header-value.js';
import { refuseUnknownFields, unknownFields, type InputSchema } from './validation.js';
import type { LateBodyData } from './validation.pipe.js';

const parts = ['query', 'body'] as const;
type Part = (typeof parts)[number];

interface Declared {
  /** Absent where the handler takes the part as it is. */
  readonly schema?: InputSchema<unknown> | undefined;
}

type Declarations = { readonly [_ in Part]: Declared | undefined } & { readonly headers: readonly DeclaredHeader<unknown>[] };

interface ParameterMetadata {
  readonly data?: unknown;
  readonly schema?: InputSchema<unknown>;
}

/**
 * Refuses fields of a body or query that the handler does not declare: a client that sends `dry_run` must not believe it was
 * honoured. So are headers that a handler declares and that are malformed. A guard, because the contract puts this (400) before the scope
 * (403), and pipes run after all guards.
 */
export class UnknownInputGuard implements CanActivate {
  /** What decorators say does not change. */
  readonly #declared = new WeakMap<Type, Map<string, Declarations>>();

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const declarations = this.declarationsOf(context.getClass(), context.getHandler().name);
    for (const part of parts) this.check(part, request[part], declarations[part]);
    for (const header of declarations.headers) headerValue(request, header);
    return true;
  }

  private declarationsOf(controller: Type, handler: string): Declarations {
    const handlers = this.#declared.get(controller) ?? new Map<string, Declarations>();
    const known = handlers.get(handler);
    if (known !== undefined) return known;
    const metadata: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler);
    const parameters = Object.entries((metadata ?? {}) as Record<string, ParameterMetadata>);
    const declarations = {
      query: declared('query', parameters),
      body: declared('body', parameters),
      headers: parameters.map(([, { data }]) => data).filter(isDeclaredHeader),
    };
    this.#declared.set(controller, handlers.set(handler, declarations));
    return declarations;
  }

  private check(part: Part, value: unknown, declaration: Declared | undefined): void {
    if (value === undefined) return;
    if (declaration?.schema !== undefined) {
      refuseUnknownFields(declaration.schema, value, part);
    } else if (declaration === undefined) {
      const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [part];
      if (names.length > 0) throw unknownFields(names);
    }
  }
}

function declared(part: Part, parameters: readonly (readonly [string, ParameterMetadata])[]): Declared | undefined {
  const type = part === 'body' ? RouteParamtypes.BODY : RouteParamtypes.QUERY;
  for (const [key, { schema, data }] of parameters) {
    if (key.startsWith(`${type}:`)) return data === undefined ? { schema } : {};
    if (part === 'body' && isLateBody(data)) return { schema: data.late };
  }
  // Whoever takes the whole request looks after what it does not declare.
  return parameters.some(([key]) => key.startsWith(`${RouteParamtypes.REQUEST}:`)) ? {} : undefined;
}

function isLateBody(data: unknown): data is LateBodyData {
  return typeof data === 'object' && data !== null && 'late' in data;
}
