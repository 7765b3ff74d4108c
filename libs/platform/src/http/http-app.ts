import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { ServiceEnvironment } from '../environment/service.environment.js';
import type { Logger } from '../logger.js';
import { NestLogger } from '../logging/nest.logger.js';
import type { Metrics } from '../metrics.js';
import type { ServedElsewhere } from '../service.js';
import { useBodyParsers } from './body-parsers.js';
import { ErrorFilter } from './error.filter.js';
import { lingerOnUnreadBodies } from './linger.js';
import { RateLimiter, requestsPerSecond } from './rate-limit.js';
import { refuseWhatNobodyServes } from './refusal.js';
import { useRequestHooks } from './request-hooks.js';
import { RouteTable } from './route-table.js';
import { serverOptions } from './server-options.js';
import { useUnreadBodies } from './unread-body.js';
import { UnknownInputGuard } from './unknown-input.guard.js';
import { validateParameters } from './validated-parameters.js';

@Module({})
class ServiceModule {}

export interface HttpAppOptions {
  readonly module: Type | DynamicModule;
  readonly env: ServiceEnvironment;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly stopping: AbortSignal;
  readonly servedElsewhere: readonly ServedElsewhere[];
  /** Routes that are no controller's. */
  readonly addRoutes: (server: FastifyInstance) => void;
}

/** The service's Nest application on Fastify, wired and not yet listening. */
export async function createHttpApp(options: HttpAppOptions): Promise<NestFastifyApplication> {
  const { module, env, logger, metrics, stopping, servedElsewhere, addRoutes } = options;
  const routes = new RouteTable();
  for (const { method, hasNoHead, path } of servedElsewhere) {
    routes.add(method === 'GET' && hasNoHead !== true ? ['GET', 'HEAD'] : method, path.replaceAll(/\{(\w+)\}/g, ':$1'));
  }
  const perSecond = requestsPerSecond(env);
  const limiter = perSecond > 0 ? new RateLimiter(perSecond, () => performance.now()) : undefined;
  // No Nest middleware: it would run before the hooks below, and errors thrown there have no Fastify reply to answer through.
  const adapter = new FastifyAdapter({ ...serverOptions(env, routes), skipMiddie: true });
  const server = adapter.getInstance<FastifyInstance>();
  server.server.maxConnections = env.MAX_CONNECTIONS;
  // How long they may be together is bounded. What is over a bound of their number would be dropped in silence, an If-Match for one.
  server.server.maxHeadersCount = 0;
  refuseWhatNobodyServes(server.server, env.DOC_URL_BASE);
  lingerOnUnreadBodies(server.server);
  useBodyParsers(server);
  useUnreadBodies(server);
  useRequestHooks(server, { logger, metrics, routes, limiter, stopping });
  addRoutes(server);
  // Our guard comes first because the root module's providers are scanned first.
  const root: DynamicModule = {
    module: ServiceModule,
    imports: [module],
    providers: [
      { provide: APP_FILTER, useValue: new ErrorFilter({ logger, docUrlBase: env.DOC_URL_BASE, routes }) },
      { provide: APP_GUARD, useValue: new UnknownInputGuard() },
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
    bodyParser: false,
  });
  validateParameters(app);
  return app;
}
