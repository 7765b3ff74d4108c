import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiProblem } from '../api-error.js';
import type { Logger } from '../logger.js';
import { frameworkProblem, methodNotAllowed, problemOf } from './problem.js';
import type { RouteTable } from './route-table.js';
import { sendProblem } from './send-problem.js';

export interface ErrorFilterOptions {
  readonly logger: Logger;
  readonly docUrlBase: string;
  readonly routes: RouteTable;
}

/** Turns whatever was thrown, by us or by the framework, into the contract's one error shape; on a route for people, into a page. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly options: ErrorFilterOptions) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = this.problemOf(error, request);
    this.log(problem, error, request);
    if (reply.sent || reply.raw.headersSent) {
      // Half an answer is out already: only a broken connection tells the client that it is not whole.
      reply.raw.destroy();
      return;
    }
    for (const name of Object.keys(reply.getHeaders()))
      if (/^(etag|last-modified|link|location|content-|cache-)/i.test(name)) reply.removeHeader(name);
    const errorPage = request.is404 ? undefined : request.routeOptions.config.errorPage;
    sendProblem(reply, { problem, requestId: request.id, docUrlBase: this.options.docUrlBase, errorPage });
  }

  private problemOf(error: unknown, request: FastifyRequest): ApiProblem {
    // Who is gone in the middle of a body is told nothing, and nothing is wrong on our side.
    if (request.raw.destroyed && !request.raw.complete) return frameworkProblem(400);
    const problem = problemOf(error);
    if (!request.is404 || problem.status !== 404) return problem;
    const methods = this.options.routes.methodsOf(request.raw.url ?? '');
    // What is served elsewhere only is no method that this address refuses.
    return methods.length === 0 || methods.includes(request.method) ? problem : methodNotAllowed(methods);
  }

  private log({ status, code }: ApiProblem, error: unknown, request: FastifyRequest): void {
    const fields = { requestId: request.id, route: request.routeOptions.url, status, code };
    if (status === 500) this.options.logger.error({ ...fields, err: error }, 'request failed');
    else if (status > 500) this.options.logger.warn({ ...fields, err: error }, 'request failed');
    else this.options.logger.debug(status === 401 ? { ...fields, reason: reasonOf(error) } : fields, 'request refused');
  }
}

/** Why nobody was believed: for the log alone. */
const reasonOf = (error: unknown): string | undefined =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
