import type { DynamicModule, Type } from '@nestjs/common';
import { serviceEnvironment } from '../environment/service.environment.js';
import { createLogger } from '../logging/pino.logger.js';
import type { Logger } from '../logger.js';
import type { RunningService, ServiceDefinition, ServiceParts } from '../service.js';
import { startService } from '../start-service.js';

/** A logger and the lines it has written. */
export function recordingLogger(): {
  readonly logger: Logger;
  readonly lines: () => readonly Record<string, unknown>[];
  readonly text: () => string;
} {
  let text = '';
  const destination = { write: (line: string) => void (text += line) };
  return {
    logger: createLogger({ name: 'test', level: 'trace', destination }),
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

export type Definition = ServiceDefinition<typeof serviceEnvironment>;

/** `close`: of a connection that the service has opened. */
export function definitionOf(module: Type | DynamicModule, parts: Partial<ServiceParts> = {}, close?: () => Promise<void>): Definition {
  return {
    name: 'things',
    description: 'Keeps things for tests.',
    environment: serviceEnvironment,
    create: async ({ opened }) => {
      if (close) opened('connection', { close });
      return { module, workers: [], readiness: {}, ...parts };
    },
  };
}

export function startTest(
  definition: Definition,
  env: Record<string, string> = {},
  logger: Logger = recordingLogger().logger,
  port = 0,
): Promise<RunningService> {
  return startService(definition, { NODE_ENV: 'test', ...env }, { logger, port });
}
