import { types } from 'node:util';
import { Secret } from '../environment/secret.js';

const secretName = /pass(word|wd|phrase)|secret|token|authorization|cookie|credential|api[-_]?key|private[-_]?key|encryption[-_]?key/i;
const mask = '[redacted]';
const maxDepth = 8;
const maxItems = 100;
const maxText = 8_192;

/** A copy of what is to be logged, without secrets, cycles and excess. */
export function redacted(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return scrubbed(value);
    case 'bigint':
      return value.toString();
    case 'function':
    case 'symbol':
      return undefined;
    case 'object':
      break;
    default:
      return value;
  }
  if (value === null || value instanceof Date) return value;
  if (value instanceof Secret) return mask;
  if (isError(value)) return describeError(value);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  // A cycle ends here too.
  if (depth >= maxDepth) return '[…]';
  if (value instanceof Map || value instanceof Set) return redacted([...value], depth + 1);
  if (Array.isArray(value)) {
    const items = value.slice(0, maxItems).map((item) => redacted(item, depth + 1));
    return value.length > maxItems ? [...items, `[${value.length - maxItems} more]`] : items;
  }
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(value).slice(0, maxItems)) {
    const item: unknown = Reflect.get(value, key);
    setField(fields, key, item !== undefined && item !== null && namesSecret(key) ? mask : redacted(item, depth + 1));
  }
  return fields;
}

/** Assigned, an own field that is called `__proto__` would be the prototype. */
function setField(fields: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
  else fields[key] = value;
}

const maxNames = 1_000;
const judgedNames = new Map<string, boolean>();

/** The lines of a service have few names, and many of each. */
function namesSecret(name: string): boolean {
  let isSecret = judgedNames.get(name);
  if (isSecret === undefined) {
    isSecret = secretName.test(name);
    if (judgedNames.size < maxNames && name.length < 100) judgedNames.set(name, isSecret);
  }
  return isSecret;
}

/** Text without credentials in URLs, bearer tokens and JSON Web Tokens, cut to a bearable length. */
export function scrubbed(text: string, limit = maxText): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}[…]` : text;
  return hasCredentials.test(cut) ? withoutCredentials(cut) : cut;
}

/** One look for what all of the patterns below need: most texts have nothing of it. */
const hasCredentials = /:\/\/|b(?:earer|asic)\s|eyJ/i;

const withoutCredentials = (text: string): string =>
  text
    .replace(/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@]{1,1024}@/gi, `$1${mask}@`)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${mask}`)
    .replace(/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, mask);

export interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: DescribedError | string;
  readonly errors?: readonly (DescribedError | string)[];
}

/** `instanceof` alone misses errors of another realm, such as Node's own in a sandbox. */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** Only these fields: drivers hang whole statements with their parameters on their errors. */
function describeError(error: unknown, depth = 0): DescribedError | string {
  if (!isError(error)) return scrubbed(String(error), 500);
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : undefined;
  const deeper = depth < 4;
  return {
    type: error.name,
    message: scrubbed(error.message, 2_000),
    ...(code === undefined ? {} : { code }),
    ...(error.stack === undefined ? {} : { stack: scrubbed(error.stack, 4_000) }),
    ...(deeper && error.cause !== undefined ? { cause: describeError(error.cause, depth + 1) } : {}),
    ...(deeper && error instanceof AggregateError ? { errors: error.errors.slice(0, 5).map((one) => describeError(one, depth + 1)) } : {}),
  };
}
