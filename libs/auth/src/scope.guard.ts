import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { accessMetadata, type Access } from './access.decorators.js';
import { scopeMissing, tokenMissing } from './auth.error.js';
import type { Caller } from './caller.js';

/** What the caller's token allows. Who the caller is has been found out before the body was read. */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.getAllAndOverride<Access | undefined>(accessMetadata, [context.getHandler(), context.getClass()]);
    if (access === 'public') return true;
    const { caller } = context.switchToHttp().getRequest<{ caller?: Caller | null }>();
    if (access === undefined || caller === undefined || caller === null) throw tokenMissing();
    const missing = access.filter((scope) => !caller.scopes.includes(scope));
    if (missing.length > 0) throw scopeMissing(missing);
    return true;
  }
}
