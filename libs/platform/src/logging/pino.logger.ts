import { pino, type DestinationStream, type LevelWithSilent } from 'pino';
import { currentContext } from '../context/request-context.js';
import type { Logger } from '../logger.js';
import { redacted, scrubbed } from './redaction.js';

export interface LoggerOptions {
  /** The service's name, on every line. */
  readonly name: string;
  readonly level?: LevelWithSilent;
  /** Standard output unless told. */
  readonly destination?: DestinationStream;
}

/** JSON lines: level, time, service, the ids of the request or message under way, message, and the caller's own fields. */
export function createLogger({ name, level = 'info', destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => {
      const { requestId, correlationId, traceparent } = currentContext() ?? {};
      return { requestId, correlationId, traceparent };
    },
    // What the caller says wins over the context.
    mixinMergeStrategy: (fields: object, context: object) => ({ ...context, ...fields }),
    // Errors are described by `redacted`; pino's own serializer would add every property they carry.
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label: string) => ({ level: label }),
      bindings: asFields,
      log: asFields,
    },
    hooks: {
      logMethod(this: unknown, args: Parameters<Logger['info']>, method: (...args: Parameters<Logger['info']>) => void) {
        const clean = args.map((arg: unknown) => (typeof arg === 'string' ? scrubbed(arg) : arg));
        method.apply(this, clean as Parameters<Logger['info']>);
      },
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function asFields(fields: object): Record<string, unknown> {
  return redacted(fields) as Record<string, unknown>;
}
