import type { ApiProblem } from '../api-error.js';
import type { HtmlPage } from '../pages/page.js';
import { addRouteConfig } from './route-config.js';

export type ErrorPageOf = (problem: ApiProblem, requestId: string) => HtmlPage;

/** For a route that people look at: whatever goes wrong there is told as a page, with the same status and headers. */
export function ErrorPage(pageOf: ErrorPageOf): MethodDecorator {
  return addRouteConfig('ErrorPage', { errorPage: pageOf });
}
