import { type GoldenMessage, asyncApiDocument } from './async-api.js';
import { breakingChanges } from './breaking-changes.js';
import { headersSchema } from './header.schemas.js';
import { sameJson, type JsonObject } from '../../json.js';
import { messageJsonSchemas, shapeOf } from './message.schemas.js';

/** The promise as it lies in the repository. */
export interface Contract {
  /** JSON Schemas by message type, and of the `headers`. */
  readonly schemas: Readonly<Record<string, JsonObject>>;
  /** The shapes that each of them has had since it was published, the first one first. Only ever appended to. */
  readonly published: Readonly<Record<string, readonly JsonObject[]>>;
  readonly asyncApi: JsonObject;
}

export interface Judgement {
  /** What the repository should hold. */
  readonly contract: Contract;
  /** Why the code may not be published as it is; empty if it may. */
  readonly broken: readonly string[];
}

export const schemasOfToday = (): Contract['schemas'] => ({ headers: headersSchema, ...messageJsonSchemas() });

const nextVersion = (name: string): string => name.replace(/\.v(\d+)$/, (_, version) => `.v${Number(version) + 1}`);

const brokenBy = (name: string, schema: JsonObject | undefined, shapes: readonly JsonObject[]): readonly string[] => {
  if (schema === undefined) return [`${name} was published and is gone: whoever reads its topic from the start must still know it`];
  const remedy = name === 'headers' ? 'Headers may only be added' : `Publish ${nextVersion(name)} instead`;
  const changes = new Set(shapes.flatMap((shape) => breakingChanges(shape, shapeOf(schema))));
  return [...changes].map((change) => `${name}: ${change}. ${remedy}`);
};

/** Holds what the code promises today against what was promised before. */
export const judgeContract = (
  published: Contract['published'],
  golden: Readonly<Record<string, GoldenMessage>>,
  schemas: Contract['schemas'] = schemasOfToday(),
): Judgement => {
  const names = [...new Set([...Object.keys(published), ...Object.keys(schemas)])];
  const incompatible = names.flatMap((name) => brokenBy(name, schemas[name], published[name] ?? []));
  const unexampled = Object.keys(schemas).filter((name) => name !== 'headers' && !Object.hasOwn(golden, name));
  const shapes = names.map((name) => {
    const before = published[name] ?? [];
    const schema = schemas[name];
    const isNew = schema !== undefined && !sameJson(before.at(-1), shapeOf(schema));
    return [name, isNew ? [...before, shapeOf(schema)] : before] as const;
  });
  const { headers: _headers, ...messages } = schemas;
  return {
    contract: { schemas, published: Object.fromEntries(shapes), asyncApi: asyncApiDocument(messages, golden) },
    broken: [...incompatible, ...unexampled.map((name) => `${name}: has no golden message; add src/messages/golden/${name}.json`)],
  };
};
