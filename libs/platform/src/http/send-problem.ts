import type { FastifyReply } from 'fastify';
import type { ApiProblem } from '../api-error.js';
import type { ErrorPageOf } from './error-page.decorator.js';
import { problemBody } from './problem.js';

export interface ProblemAnswer {
  readonly problem: ApiProblem;
  readonly requestId: string;
  readonly docUrlBase: string;
  /** Of a route for people. */
  readonly errorPage: ErrorPageOf | undefined;
}

/** The contract's one shape, or a page. */
export function sendProblem(reply: FastifyReply, { problem, requestId, docUrlBase, errorPage }: ProblemAnswer): void {
  const page = errorPage?.(problem, requestId);
  void reply
    .code(problem.status)
    .headers({ 'Request-Id': requestId, 'Cache-Control': 'no-store', ...page?.headers, ...problem.headers })
    .type(page === undefined ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8')
    .send(page === undefined ? problemBody(problem, docUrlBase) : page.html);
}
