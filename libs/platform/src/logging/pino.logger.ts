import { pino, type DestinationStream, type LevelWithSilent } from 'pino';
import { currentContext, type RequestContext } from '../context/request-context.js';
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
    mixin: () => currentContext() ?? {},
    // What the caller says wins over the context. Named fields first: an object that is copied and then given more is slow to make.
    mixinMergeStrategy: (fields: object, { requestId, correlationId, traceparent }: Partial<RequestContext>) => ({
      requestId,
      correlationId,
      traceparent,
      ...fields,
    }),
    // Errors are described by `redacted`; pino's own serializer would add every property they carry.
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: asFields,
    },
    hooks: {
      logMethod(this: unknown, args: Parameters<Logger['info']>, method: (...args: Parameters<Logger['info']>) => void) {
        const clean = args.map((arg: unknown) => (typeof arg === 'string' ? scrubbed(arg) : arg));
        method.apply(this, clean as Parameters<Logger['info']>);
      },
    },
  };
  return redactingChildren(destination === undefined ? pino(options) : pino(options, destination));
}

/** Pino formats the fields of a line, and those of the root, but not what a child is made with. */
function redactingChildren(logger: Logger): Logger {
  const prototype = Object.getPrototypeOf(logger) as Logger;
  // Children inherit from the logger that they come from, and so this, too.
  return Object.assign(logger, {
    child(this: Logger, fields: object): Logger {
      return prototype.child.call(this, asFields(fields));
    },
  });
}

function asFields(fields: object): Record<string, unknown> {
  return redacted(fields) as Record<string, unknown>;
}
