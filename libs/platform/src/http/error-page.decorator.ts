import type { ApiProblem } from '../api-error.js';
import { addRouteConfig } from './route-config.js';

/** What a browser is sent. */
export interface HtmlPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type ErrorPageOf = (problem: ApiProblem, requestId: string) => HtmlPage;

/** For a route that people look at: whatever goes wrong there is told as a page, with the same status and headers. */
export function ErrorPage(pageOf: ErrorPageOf): MethodDecorator {
  return addRouteConfig('ErrorPage', { errorPage: pageOf });
}
