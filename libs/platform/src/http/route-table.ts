import type { ErrorPageOf } from './error-page.decorator.js';

interface KnownRoute {
  readonly pattern: RegExp;
  readonly method: string;
  readonly errorPage: ErrorPageOf | undefined;
}

/** The methods of every known path, so that a wrong method is told from a wrong path. */
export class RouteTable {
  readonly #routes: KnownRoute[] = [];

  add(method: string | readonly string[], url: string, errorPage?: ErrorPageOf): void {
    const segments = url.split('/').map((segment) => {
      if (segment.startsWith(':')) return '[^/]+';
      return segment === '*' ? '.*' : segment.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    });
    const pattern = new RegExp(`^${segments.join('/')}$`);
    for (const one of [method].flat()) this.#routes.push({ pattern, method: one, errorPage });
  }

  /** In alphabetical order; empty for an unknown path. `url` may carry a query. */
  methodsOf(url: string): readonly string[] {
    return [...new Set(this.routesAt(url).map(({ method }) => method))].sort();
  }

  /** How errors are told there, when the request cannot be routed for what stands in place of a parameter. */
  errorPageOf(method: string, url: string): ErrorPageOf | undefined {
    return this.routesAt(url).find((route) => route.method === method)?.errorPage;
  }

  private routesAt(url: string): readonly KnownRoute[] {
    const path = url.split(/[?#]/, 1)[0] ?? '';
    return this.#routes.filter(({ pattern }) => pattern.test(path));
  }
}
