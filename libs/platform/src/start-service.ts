import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { parseEnvironment, type EnvironmentVariables } from './environment/environment.js';
import { serviceEnvironment } from './environment/service.environment.js';
import { Health } from './health/health.js';
import { useHealthRoutes } from './health/health.routes.js';
import { createHealthServer } from './health/health.server.js';
import { createHttpApp } from './http/http-app.js';
import type { Logger } from './logger.js';
import { createLogger } from './logging/pino.logger.js';
import { createMetrics } from './metrics/prometheus.metrics.js';
import { ApiReference } from './reference/api-reference.js';
import { useReferenceRoutes } from './reference/reference.routes.js';
import type { RunningService, ServiceContext, ServiceDefinition, Worker } from './service.js';
import { Teardown } from './teardown.js';

export interface StartOptions {
  /** Lines to standard output unless told. */
  readonly logger?: Logger;
  /** Instead of the environment's. */
  readonly port?: number;
  /** Ends a start that is under way, whatever it waits for: what it has made is undone, and the start rejects. Not a service that runs. */
  readonly giveUp?: AbortSignal;
}

/**
 * Starts a service: environment, parts, HTTP application, workers in order, and the port last. When something fails, what was
 * started is undone and the reason thrown; `EnvironmentError` when it is the environment.
 */
export async function startService<Schema extends z.ZodObject>(
  definition: ServiceDefinition<Schema>,
  variables: EnvironmentVariables,
  options: StartOptions = {},
): Promise<RunningService> {
  const env = parseEnvironment(definition.environment, variables);
  const own = parseEnvironment(serviceEnvironment, variables);
  const logger = options.logger ?? createLogger({ name: definition.name, level: own.LOG_LEVEL });
  const metrics = createMetrics(definition.name);
  const stopping = new AbortController();
  const health = new Health({ logger, now: () => performance.now(), timeoutMillis: 1_000, cacheMillis: 1_000 });
  const teardown = new Teardown(logger, own.SHUTDOWN_GRACE_MILLIS);
  const host = own.HOST ?? (own.NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1');

  // A step of the start may wait for ever, for a job or another service.
  const givenUp = new Promise<never>((_, reject) => {
    options.giveUp?.addEventListener('abort', () => reject(new Error('the start was given up')));
  });
  givenUp.catch(() => undefined);

  const stop = async (): Promise<void> => {
    health.stopping();
    stopping.abort();
    await teardown.run();
  };

  const opened: ServiceContext<unknown>['opened'] = (name, resource) => {
    teardown.add({ name, share: 1, undo: () => resource.close() });
    return resource;
  };

  const listen = async (server: FastifyInstance, port: number): Promise<string> => {
    await server.listen({ host, port });
    return urlOf(server);
  };

  try {
    let healthUrl: string | undefined;
    if (own.METRICS_PORT !== undefined) {
      const server = createHealthServer(health, metrics, own);
      teardown.add({ name: 'health', share: 1, undo: () => server.close(), force: () => server.server.closeAllConnections() });
      healthUrl = await listen(server, own.METRICS_PORT);
    }
    const parts = await Promise.race([definition.create({ env, logger, metrics, stopping: stopping.signal, opened }), givenUp]);

    const app = await createHttpApp({
      module: parts.module,
      env: own,
      logger,
      metrics,
      stopping: stopping.signal,
      servedElsewhere: parts.servedElsewhere ?? [],
      addRoutes: (server) => {
        if (own.METRICS_PORT === undefined) useHealthRoutes(server, health, metrics);
        if (parts.openApi !== undefined) useReferenceRoutes(server, new ApiReference(parts.openApi, parts.problems));
      },
    });
    const server = app.getHttpAdapter().getInstance();
    teardown.add({ name: 'http', share: 0.9, undo: () => app.close(), force: () => server.server.closeAllConnections() });
    await app.init();

    for (const worker of parts.workers) await Promise.race([startWorker(worker, teardown, health, logger), givenUp]);

    const url = await listen(server, options.port ?? own.PORT);
    health.running(parts.readiness);
    logger.info({ url }, 'listening');
    let stopped: Promise<void> | undefined;
    return { name: definition.name, url, healthUrl: healthUrl ?? url, stop: () => (stopped ??= stop()) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startWorker(worker: Worker, teardown: Teardown, health: Health, logger: Logger): Promise<void> {
  // First, so that a worker that fails half-way is stopped as well.
  teardown.add({ name: worker.name, share: 0.7, undo: () => worker.stop() });
  await worker.start();
  void announceDeath(worker, health, logger);
}

async function announceDeath({ name, died }: Worker, health: Health, logger: Logger): Promise<void> {
  if (died === undefined) return;
  const reason = await died.catch((error: unknown) => error);
  health.workerDied(name);
  logger.fatal({ err: reason, worker: name }, 'a worker has ended for good');
}

function urlOf({ server }: FastifyInstance): string {
  const { port, address, family } = server.address() as AddressInfo;
  const anywhere = address === '0.0.0.0' || address === '::';
  const name = anywhere ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${name}:${port}`;
}
