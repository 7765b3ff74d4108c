import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { fieldsOf } from './fields.js';

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

export interface BadVariable {
  readonly name: string;
  /** Never the value. */
  readonly reason: string;
}

/** Every variable that is wrong, at once. */
export class EnvironmentError extends Error {
  readonly code = 'environment_invalid';

  constructor(readonly variables: readonly BadVariable[]) {
    super(['The environment is not usable:', ...variables.map(({ name, reason }) => `  ${name}: ${reason}`)].join('\n'));
    this.name = 'EnvironmentError';
  }
}

/**
 * Reads the variables that the schema names, freezes what comes out, and throws one `EnvironmentError` for all that are wrong.
 * An empty value counts as not set, because that is how compose files and manifests spell "unset".
 */
export function parseEnvironment<Schema extends z.ZodObject>(schema: Schema, env: EnvironmentVariables): z.output<Schema> {
  const bad: BadVariable[] = [];
  const values: Record<string, string> = {};
  for (const { name, secret } of fieldsOf(schema)) {
    const value = env[name] || undefined;
    const file = secret ? env[`${name}_FILE`] || undefined : undefined;
    if (value !== undefined && file !== undefined) bad.push({ name, reason: `set together with ${name}_FILE; only one may be` });
    else if (value !== undefined) values[name] = value;
    else if (file !== undefined) {
      try {
        values[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
      } catch (error) {
        bad.push({ name: `${name}_FILE`, reason: `the file cannot be read (${codeOf(error)})` });
      }
    }
  }
  const unreadable = new Set(bad.map(({ name }) => name.replace(/_FILE$/, '')));
  const result = schema.safeParse(values);
  if (!result.success) {
    for (const issue of result.error.issues) {
      const name = String(issue.path[0] ?? 'environment');
      if (unreadable.has(name)) continue;
      const missing = name in schema.shape && values[name] === undefined && issue.code !== 'custom';
      bad.push({ name, reason: missing ? 'is required' : issue.message });
    }
  }
  if (!result.success || bad.length > 0) throw new EnvironmentError(bad);
  Object.freeze(result.data);
  return result.data;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}
