import { judgedFetch, type DocumentJudge } from './document-judge.js';

interface Operation {
  readonly operationId: string;
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly examples: Readonly<Record<string, { readonly value: object }>> }>>;
  };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface Sending {
  readonly token?: string;
  /** Fills the path. */
  readonly of?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The name of the example of the body; the first one unless told. */
  readonly example?: string;
  /** Over the example, where it names what only this stack has. */
  readonly change?: Readonly<Record<string, unknown>>;
}

export interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // What a test expects of it is what it tests.
  readonly json: Record<string, unknown>;
}

/** Sends what a document says can be sent, to where it is served. */
export class DocumentedRequests {
  private readonly fetch: typeof fetch;

  constructor(
    private readonly baseUrl: string,
    private readonly document: unknown,
    judge: DocumentJudge,
    complaints: string[],
  ) {
    this.fetch = judgedFetch(judge, complaints);
  }

  /** Every operation with its examples of bodies, as `operation example`. */
  get bodies(): readonly string[] {
    return this.operations().flatMap(({ operation }) =>
      Object.keys(examplesOf(operation)).map((name) => `${operation.operationId} ${name}`),
    );
  }

  async send(operationId: string, { token, of = {}, query = {}, headers = {}, example, change }: Sending = {}): Promise<Sent> {
    const found = this.operations().find(({ operation }) => operation.operationId === operationId);
    if (!found) throw new Error(`no operation ${operationId}`);
    const path = found.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(of[name] ?? ''));
    const examples = Object.entries(examplesOf(found.operation));
    const body = (examples.find(([name]) => name === example) ?? examples[0])?.[1].value;
    const search = new URLSearchParams(query).toString();
    const response = await this.fetch(`${this.baseUrl}${path}${search === '' ? '' : `?${search}`}`, {
      method: found.method.toUpperCase(),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify({ ...body, ...change }) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    const json = isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, headers: response.headers, text, json };
  }

  private operations() {
    return Object.entries((this.document as Document).paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  }
}

const examplesOf = ({ requestBody }: Operation) => requestBody?.content['application/json']?.examples ?? {};
