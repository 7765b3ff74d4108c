import { ApiError, type FieldError } from '../api-error.js';
import { platformProblem, type PlatformCode } from './problem.js';

/** The part of the Standard Schema interface that is used here; zod's schemas have it. */
export interface InputSchema<Output> {
  readonly '~standard': {
    validate(value: unknown): Result<Output> | Promise<unknown>;
  };
}

type Result<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly Issue[] };

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  /** zod says more than the standard asks for. */
  readonly code?: string;
  readonly keys?: readonly string[];
}

/** A body is judged twice, for its fields and then for what they mean; nobody changes it in between. */
const judged = new WeakMap<object, { readonly schema: InputSchema<unknown>; readonly result: Result<unknown> }>();

function resultOf<Output>(schema: InputSchema<Output>, value: unknown): Result<Output> {
  const object = typeof value === 'object' && value !== null ? value : undefined;
  const known = object && judged.get(object);
  // Made by this schema, and so of its output.
  if (known?.schema === schema) return known.result as Result<Output>;
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) throw new TypeError('A schema of an input must not be asynchronous.');
  if (object) judged.set(object, { schema, result });
  return result;
}

const maxErrors = 50;
const maxText = 200;

/**
 * What the schema makes of a value, or the contract's `ApiError`: 400 `parameter_unknown` when there are fields that nobody asked
 * for, else 422 with `parameter_missing` or `parameter_invalid`. `root` names the value itself where no field of it is at fault, e.g. `body`.
 */
export function validated<Output>(schema: InputSchema<Output>, value: unknown, root: string): Output {
  const result = resultOf(schema, value);
  if (result.issues !== undefined) throw inputError(result.issues, value, root);
  return result.value;
}

/** Only whether there are fields that nobody asked for; what the rest means is judged later. */
export function refuseUnknownFields(schema: InputSchema<unknown>, value: unknown, root: string): void {
  const result = resultOf(schema, value);
  if (result.issues?.some(({ code }) => code === 'unrecognized_keys')) throw inputError(result.issues, value, root);
}

export function unknownFields(names: readonly string[]): ApiError {
  return asApiError(names.map((name) => unknownField(name)));
}

function inputError(issues: readonly Issue[], value: unknown, root: string): ApiError {
  return asApiError(issues.slice(0, maxErrors).flatMap((issue) => fieldErrors(issue, value, root)));
}

interface OwnFieldError extends FieldError {
  readonly code: PlatformCode;
}

function asApiError(found: readonly OwnFieldError[]): ApiError {
  // What is not understood comes first: its answer is another status.
  const errors = [...found]
    .sort((a, b) => Number(b.code === 'parameter_unknown') - Number(a.code === 'parameter_unknown'))
    .slice(0, maxErrors);
  const first: OwnFieldError = errors[0] ?? { param: '', code: 'parameter_invalid', message: 'The input is not usable.' };
  const { param, code } = first;
  const message = param === '' ? first.message : `${param}: ${first.message}`;
  return new ApiError(platformProblem(code === 'parameter_unknown' ? 400 : 422, code, message, { param, errors }));
}

function fieldErrors(issue: Issue, value: unknown, root: string): readonly OwnFieldError[] {
  const path = (issue.path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment));
  if (issue.code === 'unrecognized_keys') return (issue.keys ?? []).map((key) => unknownField(nameOf([...path, key], root)));
  const param = nameOf(path, root);
  if (valueAt(value, path) === undefined) return [{ param, code: 'parameter_missing', message: 'This is required.' }];
  return [{ param, code: 'parameter_invalid', message: cut(issue.message) }];
}

function unknownField(name: string): OwnFieldError {
  return { param: cut(name), code: 'parameter_unknown', message: 'There is no such parameter here.' };
}

/** `sites[3]`, `schedule.at`; the root's name for the value itself. */
function nameOf(path: readonly PropertyKey[], root: string): string {
  if (path.length === 0) return root;
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return cut(name.replace(/^\./, ''));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

function cut(text: string): string {
  return text.length > maxText ? `${text.slice(0, maxText)}…` : text;
}
