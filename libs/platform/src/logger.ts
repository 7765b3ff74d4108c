import type { Logger as Pino } from 'pino';

/** Structured logs, one JSON object a line. Field names that may hold a secret are redacted. */
export type Logger = Pick<Pino, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child'>;
