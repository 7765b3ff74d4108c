import { ScheduledScriptsApi } from './generated/api.js';
import { Exchange } from './http/exchange.js';
import type { ClientOptions } from './http/options.js';

export * from './generated/api.js';
export type * from './generated/models.js';
export type { Answer, NotModified } from './http/answer.js';
export type { CallOptions, ClientOptions } from './http/options.js';
export { ProblemError, type FieldProblem } from './http/problem-error.js';

/** A client of one API, for one caller. */
export const createClient = (options: ClientOptions): ScheduledScriptsApi => new ScheduledScriptsApi(new Exchange(options));
