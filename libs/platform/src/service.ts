import type { DynamicModule, Type } from '@nestjs/common';
import type { z } from 'zod';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';
import type { ExplainedProblem } from './reference/errors-page.js';

/** A loop of a service's own: a consumer, a timer, a work list. */
export interface Worker {
  readonly name: string;
  start(): Promise<void>;
  /** Takes nothing new, ends what is under way (bounded), resolves when it has. */
  stop(): Promise<void>;
  /** Resolves with the reason if the worker ends for good by itself: `/livez` then fails, so that the process is restarted. */
  readonly died?: Promise<unknown>;
}

export interface ServiceParts {
  /** The Nest module with the service's controllers and handlers. */
  readonly module: Type | DynamicModule;
  /** Started in this order once everything is wired; stopped in reverse, before HTTP closes. */
  readonly workers: readonly Worker[];
  /** An OpenAPI document of what the module serves: then `/openapi.json` has it, and `/docs` shows it. */
  readonly openApi?: object;
  /** With the document: what error answers may say, whoever behind the same gateway says it; `/docs/errors` explains it. */
  readonly problems?: readonly ExplainedProblem[];
  /**
   * What another service serves behind the same gateway, which sends some of what nobody serves here: a wrong method is then told from a
   * wrong path, and `Allow` names them all.
   */
  readonly servedElsewhere?: readonly ServedElsewhere[];
  /** What `/readyz` asks, by name; each rejects with the reason when it is not ready. */
  readonly readiness: Readonly<Record<string, () => Promise<void>>>;
}

export interface ServedElsewhere {
  readonly method: string;
  /** `HEAD` goes with each other `GET`. */
  readonly hasNoHead?: true;
  /** With `{name}` for parameters. */
  readonly path: string;
}

export interface ServiceContext<Env> {
  readonly env: Env;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Aborted when the service begins to stop: end streams that would go on for ever. */
  readonly stopping: AbortSignal;
  /**
   * Takes a pool or connection that was just opened and gives it back. It is closed when the service stops, last opened first, and
   * also when the start fails further on.
   */
  readonly opened: <Resource extends { close(): Promise<void> }>(name: string, resource: Resource) => Resource;
}

/** What else a service's program does, told by its first argument, e.g. `--parked`. */
export interface ServiceCommand<Env> {
  /** The arguments after the first. */
  readonly usage: string;
  readonly description: string;
  /** Answers the exit code. */
  run(env: Env, args: readonly string[], print: (line: string) => void): Promise<number>;
}

export interface ServiceDefinition<Schema extends z.ZodObject> {
  readonly name: string;
  /** One line for `--help`. */
  readonly description: string;
  /** Every environment variable, each with `.describe()`; `serviceEnvironment` is already part of it. */
  readonly environment: Schema;
  create(context: ServiceContext<z.output<Schema>>): Promise<ServiceParts>;
  /** What `--migrate` does: brings the service's own schema up to date, and nothing else. Migrations only expand. */
  migrate?(env: z.output<Schema>): Promise<void>;
  /** By their first argument. */
  readonly commands?: Readonly<Record<string, ServiceCommand<z.output<Schema>>>>;
}

export interface RunningService {
  readonly name: string;
  /** `http://127.0.0.1:<port>`, where it really listens. */
  readonly url: string;
  /** Where `/livez`, `/readyz` and `/metrics` are; `url` unless they have a port of their own. */
  readonly healthUrl: string;
  /** Graceful, bounded, idempotent. */
  stop(): Promise<void>;
}
