import { callbackify } from 'node:util';
import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, DiscoveryService, HttpAdapterHost, MetadataScanner } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { accessMetadata } from './access.decorators.js';
import { AuthError, tokenInvalid } from './auth.error.js';
import { BearerAuthenticator } from './bearer.authenticator.js';
import type { Caller } from './caller.js';
import { ScopeGuard } from './scope.guard.js';
import { SigningKeys, type KeysLogger, type SigningAlgorithm } from './signing-keys.js';

export interface AuthOptions {
  /** Exactly what `iss` says. */
  readonly issuer: string;
  /** What `aud` says, or contains. */
  readonly audience: string;
  /** Where the issuer's public keys are. */
  readonly jwksUri: string;
  /** Both unless told. */
  readonly algorithms?: readonly SigningAlgorithm[];
  readonly logger?: KeysLogger;
}

interface AuthenticatedRequest {
  caller?: Caller | null;
  authenticationFailure?: AuthError | null;
}

const handlerMetadata = 'path';

/**
 * Every route of the application needs a token, and says by `@RequireScope(…)` what the token must allow, or by `@Public()` that it
 * needs none; an application with a route that says neither does not start. Routes that are no controller's are open only with
 * the route config `public: true`.
 */
@Module({})
export class AuthModule implements OnModuleInit {
  constructor(
    adapterHost: HttpAdapterHost,
    private readonly authenticator: BearerAuthenticator,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {
    this.addHooks(adapterHost.httpAdapter.getInstance<FastifyInstance>());
  }

  static forRoot({ issuer, audience, jwksUri, algorithms = ['RS256', 'ES256'], logger }: AuthOptions): DynamicModule {
    const keys = new SigningKeys({ jwksUri, now: () => performance.now(), logger });
    return {
      module: AuthModule,
      imports: [DiscoveryModule],
      providers: [
        { provide: BearerAuthenticator, useValue: new BearerAuthenticator({ issuer, audience, algorithms, keys }) },
        { provide: APP_GUARD, useClass: ScopeGuard },
      ],
    };
  }

  onModuleInit(): void {
    const undeclared = this.discovery.getControllers().flatMap(({ metatype }) => this.undeclaredRoutes(metatype));
    if (undeclared.length > 0) throw new Error(`Neither @RequireScope() nor @Public() on ${undeclared.join(', ')}.`);
  }

  private undeclaredRoutes(controller: unknown): readonly string[] {
    if (typeof controller !== 'function') return [];
    const prototype: unknown = controller.prototype;
    if (typeof prototype !== 'object' || prototype === null) return [];
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler: unknown = Reflect.get(prototype, name);
      if (typeof handler !== 'function' || Reflect.getMetadata(handlerMetadata, handler) === undefined) return [];
      const access: unknown = Reflect.getMetadata(accessMetadata, handler) ?? Reflect.getMetadata(accessMetadata, controller);
      return access === undefined ? [`${controller.name}.${name}`] : [];
    });
  }

  /**
   * Who the caller is gets known in `onRequest`; a refusal waits until `preParsing`. Both are before the body is read, so that a
   * 401 comes before anything that could be wrong with it, and in between the service's limit has been taken: it knows the caller.
   */
  private addHooks(server: FastifyInstance): void {
    server.decorateRequest('caller', null);
    server.decorateRequest('authenticationFailure', null);
    const identify = callbackify(async (request: AuthenticatedRequest, authorization: string | undefined): Promise<void> => {
      try {
        request.caller = await this.authenticator.authenticate(authorization);
      } catch (error) {
        request.authenticationFailure = error instanceof AuthError ? error : tokenInvalid(error);
      }
    });
    server.addHook('onRequest', (request, _reply, done) => {
      if (request.is404 || isPublic(request.routeOptions.config)) {
        done();
        return;
      }
      const authenticated = request as AuthenticatedRequest;
      const { authorization } = request.headers;
      if (isRepeated('authorization', request.raw.rawHeaders)) {
        authenticated.authenticationFailure = tokenInvalid();
        done();
        return;
      }
      authenticated.caller = this.authenticator.recall(authorization) ?? null;
      if (authenticated.caller === null) identify(authenticated, authorization, () => done());
      else done();
    });
    server.addHook('preParsing', (request, _reply, _payload, done) => {
      done((request as AuthenticatedRequest).authenticationFailure ?? null);
    });
  }
}

/** Node keeps the first of two; a proxy before us may have judged by the other. */
function isRepeated(name: string, rawHeaders: readonly string[]): boolean {
  let found = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === name) found += 1;
  return found > 1;
}

function isPublic(config: object): boolean {
  return 'public' in config && config.public === true;
}
