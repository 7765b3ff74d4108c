/** The methods of every known path, so that a wrong method is told from a wrong path. */
export class RouteTable {
  readonly #routes: { readonly pattern: RegExp; readonly method: string }[] = [];

  add(method: string | readonly string[], url: string): void {
    const segments = url.split('/').map((segment) => {
      if (segment.startsWith(':')) return '[^/]+';
      return segment === '*' ? '.*' : segment.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    });
    const pattern = new RegExp(`^${segments.join('/')}$`);
    for (const one of [method].flat()) this.#routes.push({ pattern, method: one });
  }

  /** In alphabetical order; empty for an unknown path. `url` may carry a query. */
  methodsOf(url: string): readonly string[] {
    const path = url.split(/[?#]/, 1)[0] ?? '';
    const methods = this.#routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    return [...new Set(methods)].sort();
  }
}
