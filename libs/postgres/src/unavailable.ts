import { types } from 'node:util';
import { DatabaseUnavailable } from './database.js';

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/**
 * SQLSTATE: connection exceptions, insufficient resources, operator intervention (shutdown, statement timeout), I/O errors of the server;
 * a session ended for idling in a transaction; and a primary that has become a standby.
 */
const isServerState = (code: string): boolean => /^(08|53|57|58)...$/.test(code) || code === '25P03' || code === '25006';

const readTimeout = 'Query read timeout';

/** The driver gives these no code. */
const driverMessages = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
  readTimeout,
  'not queryable',
  'Cannot use a pool after calling end on the pool',
];

/** The driver's code or SQLSTATE, if it has one. (`instanceof` would miss errors of Node's own when a test runs in a context of its own.) */
export const codeOf = (error: unknown): string | undefined =>
  types.isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** A table that a statement names is not there. */
export const isMissingTable = (error: unknown): boolean => codeOf(error) === '42P01';

/** Nobody has answered, not even that it takes too long. */
export const isSilence = (error: unknown): boolean => types.isNativeError(error) && error.message === readTimeout;

export const isUnavailable = (error: unknown): boolean => {
  if (!types.isNativeError(error)) return false;
  if (error instanceof DatabaseUnavailable) return true;
  const code = codeOf(error);
  if (code !== undefined) return networkCodes.has(code) || isServerState(code);
  return driverMessages.some((text) => error.message.includes(text));
};

/** What a caller of the port gets to see for an error of the driver. */
export const translated = (error: unknown): unknown =>
  isUnavailable(error) && !(error instanceof DatabaseUnavailable)
    ? new DatabaseUnavailable(`Postgres cannot answer now: ${(error as Error).message}`, { cause: error })
    : error;
