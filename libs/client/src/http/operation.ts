/** What of an operation decides how it is sent. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` for fields of the request. */
  readonly path: string;
  readonly isPublic?: true;
  /** Fields of the request that are parameters of the query. */
  readonly query?: readonly string[];
  /** Fields of the request that are headers, and which. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly accept: 'application/json' | 'text/plain' | 'text/html' | 'text/event-stream';
}

/** A request as the generated types have it. */
export type Request = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Path and query. */
export const addressOf = ({ path, query = [] }: Operation, request: Request): string => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = textOf(request[name] ?? '');
    // An empty part would name another path: the list instead of one.
    if (value === '') throw new TypeError(`${name} must not be empty`);
    return encodeURIComponent(value);
  });
  const parameters = new URLSearchParams();
  for (const name of query) {
    const value = request[name];
    if (value !== undefined) parameters.set(name, textOf(value));
  }
  const search = parameters.toString();
  return search === '' ? filled : `${filled}?${search}`;
};

export const headersOf = ({ headers = {}, accept }: Operation, request: Request): Record<string, string> => {
  const given = Object.entries(headers).flatMap(([field, header]) => {
    const value = request[field];
    return value === undefined ? [] : [[header, textOf(value)] as const];
  });
  const body: Record<string, string> = request['body'] === undefined ? {} : { 'Content-Type': 'application/json' };
  return { Accept: accept === 'application/json' ? accept : `${accept}, application/json`, ...body, ...Object.fromEntries(given) };
};
