import { z } from 'zod';
import { messageSchemas } from '../domain-event.js';
import { isList, isObject, type Json, type JsonObject } from '../../json.js';

/** Only for people: what is said here may change within a version. */
const annotations = ['$schema', 'title', 'description', 'examples'];

/** What a schema is about comes first, so that it can be read from the top. */
const readable = (schema: Json): Json => {
  if (isList(schema)) return schema.map(readable);
  if (!isObject(schema)) return schema;
  const names = Object.keys(schema);
  const first = annotations.filter((name) => typeof schema[name] === 'string');
  const rest = names.filter((name) => !first.includes(name));
  return Object.fromEntries([...first, ...rest].map((name) => [name, readable(schema[name] ?? null)]));
};

export const jsonSchemaOf = (schema: z.ZodType): JsonObject =>
  // By way of text: zod's own type is wider than JSON. What comes in is promised, before a reader turns it into values of its own.
  readable(JSON.parse(JSON.stringify(z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }))) as JsonObject) as JsonObject;

/** JSON Schema (2020-12) of the data of every message version, by type. */
export const messageJsonSchemas = (): Readonly<Record<string, JsonObject>> =>
  Object.fromEntries(Object.entries(messageSchemas).map(([type, schema]) => [type, jsonSchemaOf(schema)]));

/** What of a schema is binding, without the words for people. */
export const shapeOf = (schema: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !annotations.includes(keyword))
      .map(([keyword, value]) => [keyword, shapeAt(keyword, value)]),
  );

const shapeAt = (keyword: string, value: Json): Json => {
  // The names in here are fields, not keywords: one may well be called `description`.
  if (keyword === 'properties' && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shapeWithin(field)]));
  }
  const isSet = keyword === 'required' || keyword === 'enum';
  return isSet && isList(value)
    ? value.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
    : shapeWithin(value);
};

const shapeWithin = (value: Json): Json => (isList(value) ? value.map(shapeWithin) : isObject(value) ? shapeOf(value) : value);
