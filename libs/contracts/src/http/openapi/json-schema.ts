import { z } from 'zod';
import { isList, isObject, type Json, type JsonObject } from '../../json.js';

export const schemaRef = (name: string): string => `#/components/schemas/${name}`;

/** `type: [string, null]` reads better than a choice of two, and says the same. */
const nullable = ({ anyOf, ...rest }: JsonObject): JsonObject | null => {
  if (!isList(anyOf) || anyOf.length !== 2) return null;
  const [value, nothing] = anyOf;
  if (!isObject(value) || !isObject(nothing) || nothing['type'] !== 'null' || typeof value['type'] !== 'string') return null;
  const allowed: JsonObject = isList(value['enum']) ? { enum: [...value['enum'], null] } : {};
  return { ...value, ...allowed, type: [value['type'], 'null'], ...rest };
};

const tidy = (schema: Json): Json => {
  if (isList(schema)) return schema.map(tidy);
  if (!isObject(schema)) return schema;
  const { pattern, ...rest } = nullable(schema) ?? schema;
  // A number that travels as text: its form as text says nothing more.
  const kept = pattern === undefined || rest['type'] === 'integer' ? rest : { ...rest, pattern };
  return Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, tidy(value)]));
};

/** JSON Schemas for a document: those that have a name stand once, and everybody else refers to them. */
export class SchemaSet {
  private readonly names: ReadonlyMap<object, string>;

  constructor(private readonly named: Readonly<Record<string, z.ZodType>>) {
    this.names = new Map<object, string>(Object.entries(named).map(([name, schema]) => [schema, name]));
  }

  /** Those that the text of a document refers to, and those that they refer to. */
  componentsFor(document: Json): JsonObject {
    const all = Object.fromEntries(Object.entries(this.named).map(([name, schema]) => [name, this.inFull(schema)]));
    const wanted = new Set<string>();
    const want = (json: Json | undefined): void => {
      for (const [, name = ''] of JSON.stringify(json ?? null).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
        if (wanted.has(name)) continue;
        wanted.add(name);
        want(all[name]);
      }
    };
    want(document);
    return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name)));
  }

  of(schema: z.ZodType): JsonObject {
    const name = this.names.get(schema);
    return name === undefined ? this.inFull(schema) : { $ref: schemaRef(name) };
  }

  private inFull(schema: z.ZodType): JsonObject {
    const made = z.toJSONSchema(schema, {
      target: 'draft-2020-12',
      // What comes in is promised: readers turn it into values of their own.
      io: 'input',
      // A check of our own; its words for the document are in its metadata.
      unrepresentable: ({ zodSchema }) => (zodSchema._zod.def.type === 'custom' ? 'any' : 'throw'),
      override: ({ zodSchema, jsonSchema, path }) => {
        const name = this.names.get(zodSchema);
        if (name === undefined || path.length === 0) return;
        for (const keyword of Object.keys(jsonSchema)) delete jsonSchema[keyword as keyof typeof jsonSchema];
        jsonSchema.$ref = schemaRef(name);
      },
    });
    const { $schema: _dialect, ...rest } = JSON.parse(JSON.stringify(made)) as JsonObject;
    return tidy(rest) as JsonObject;
  }
}
