import { inspect } from 'node:util';
import { z } from 'zod';

const mask = '[secret]';

/** A value that no log line, JSON document, template string or inspection shows; only `reveal()` does. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}

const secrets = z.registry<{ readonly secret: true }>();

/**
 * A variable whose value is wrapped in a `Secret`. It may also come from a file that `<NAME>_FILE` names, as container
 * platforms mount it; one line end at the end of the file is dropped. `check` says what the text itself must look like.
 */
export function secret(check: z.ZodString = z.string().min(1)): z.ZodType<Secret, string> {
  const schema = check.transform((value) => new Secret(value));
  secrets.add(schema, { secret: true });
  return schema;
}

export function isSecret(schema: z.core.$ZodType): boolean {
  // `get`, unlike `has`, also sees what `.describe()` has cloned the schema from.
  return secrets.get(schema) !== undefined;
}
