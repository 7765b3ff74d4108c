import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

interface Header {
  readonly required?: boolean;
  readonly schema: { readonly pattern?: string };
}

interface Described {
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Described>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly headers: Readonly<Record<string, Header>> };
}

export interface ObservedAnswer {
  readonly method: string;
  /** With or without a query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Headers that mean something to a client, so that one that is sent has to be described. */
const meaningful = ['ETag', 'Location', 'Link', 'Retry-After'];

/** Of requests that are none, before anybody knows what they are for. */
const general = /"code":"(malformed_request|request_timeout|url_too_long|headers_too_large)"/;

/** What is described is all there is: a field that nobody has described is a mistake of ours, though clients have to bear it. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const whole: Record<string, unknown> = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  const isObject = [whole['type']].flat().includes('object') && typeof whole['properties'] === 'object';
  return isObject && whole['additionalProperties'] === undefined ? { ...whole, additionalProperties: false } : whole;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Holds answers to what an OpenAPI document promises of them. */
export class DocumentJudge {
  /** What has been answered, as `<operationId> <status>`. */
  readonly seen = new Set<string>();
  private readonly document: Document;
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly checks = new Map<string, ValidateFunction>();
  private readonly patterns: readonly { readonly pattern: RegExp; readonly path: string }[];

  constructor(document: unknown) {
    this.document = closed(document) as Document;
    formats.default(this.ajv);
    this.ajv.addSchema(this.document, 'document');
    // Paths without parameters first: `/docs` is not somebody's id.
    const paths = Object.keys(this.document.paths).sort((one, other) => Number(one.includes('{')) - Number(other.includes('{')));
    this.patterns = paths.map((path) => ({
      path,
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    }));
  }

  /** What is wrong with it; empty: nothing. An answer to something that is no operation is not for us to judge. */
  complaints(answer: ObservedAnswer): readonly string[] {
    const path = this.patterns.find(({ pattern }) => pattern.test(answer.path.split('?')[0] ?? ''))?.path;
    const operation = path === undefined ? undefined : this.document.paths[path]?.[answer.method.toLowerCase()];
    if (path === undefined || operation === undefined || (answer.status >= 400 && general.test(answer.body))) return [];
    const name = `${operation.operationId} ${answer.status}`;
    this.seen.add(name);
    const described = operation.responses[answer.status];
    if (!described) return [`${name}: not among its answers: ${answer.body.slice(0, 200)}`];
    const pointer = ['paths', path, answer.method.toLowerCase(), 'responses', String(answer.status)];
    return [...this.headerComplaints(described, answer), ...this.bodyComplaints(described, answer, pointer)].map(
      (what) => `${name}: ${what}`,
    );
  }

  /** What is wrong with something that should be what the document calls by that name. */
  modelComplaints(name: string, value: unknown): readonly string[] {
    const check = this.checkAt(['components', 'schemas', name]);
    return check(value) ? [] : [`${name}: ${this.ajv.errorsText(check.errors)}`];
  }

  private headerComplaints({ headers = {} }: Described, answer: ObservedAnswer): readonly string[] {
    // An error is never kept; that goes without saying.
    const telling = answer.status < 400 ? [...meaningful, 'Cache-Control'] : meaningful;
    const promised = Object.entries(headers).flatMap(([name, { $ref }]) => {
      const { required, schema } = this.document.components.headers[$ref.split('/').at(-1) ?? ''] ?? { schema: {} };
      const value = answer.headers.get(name);
      if (value === null) return required === true ? [`lacks the header ${name}`] : [];
      return new RegExp(schema.pattern ?? '', 'u').test(value) ? [] : [`has a header of another form: ${name}: ${value}`];
    });
    return [...promised, ...telling.filter((name) => answer.headers.has(name) && !(name in headers)).map((name) => `has a header ${name}`)];
  }

  private bodyComplaints({ content }: Described, { headers, body }: ObservedAnswer, pointer: readonly string[]): readonly string[] {
    if (content === undefined) return body === '' ? [] : [`has a body: ${body.slice(0, 200)}`];
    const mediaType = headers.get('Content-Type')?.split(';')[0] ?? '';
    if (!(mediaType in content)) return [`is of the media type ${mediaType}`];
    if (mediaType !== 'application/json') return [];
    const value = parsed(body);
    if (value === undefined) return [`is no JSON: ${body.slice(0, 200)}`];
    const check = this.checkAt([...pointer, 'content', mediaType, 'schema']);
    return check(value) ? [] : [this.ajv.errorsText(check.errors)];
  }

  private checkAt(pointer: readonly string[]): ValidateFunction {
    const ref = `document#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    const check = this.checks.get(ref) ?? this.ajv.compile({ $ref: ref });
    this.checks.set(ref, check);
    return check;
  }
}

/** As `fetch`; what is wrong with an answer is added to `complaints`. Streams are judged by their beginning. */
export const judgedFetch =
  (judge: DocumentJudge, complaints: string[]): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const response = await fetch(request);
    const isStream = response.headers.get('Content-Type')?.startsWith('text/event-stream') === true;
    const body = isStream ? '' : await response.clone().text();
    const { pathname } = new URL(request.url);
    complaints.push(
      ...judge.complaints({ method: request.method, path: pathname, status: response.status, headers: response.headers, body }),
    );
    return response;
  };
