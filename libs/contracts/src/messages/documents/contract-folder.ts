import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { GoldenMessage } from './async-api.js';
import type { Contract, Judgement } from './contract.js';
import { sameJson, type JsonObject } from '../../json.js';

const schemas = 'libs/contracts/schemas/';
const published = `${schemas}published/`;
const golden = 'libs/contracts/src/messages/golden/';
const asyncApi = 'docs/asyncapi.json';

export interface Committed {
  readonly contract: Contract;
  readonly golden: Readonly<Record<string, GoldenMessage>>;
}

const readJson = (file: URL): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** The JSON files of a folder by their names. */
const readFolder = (folder: URL): Readonly<Record<string, unknown>> => {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return Object.fromEntries(names.map((name) => [name.replace(/\.json$/, ''), readJson(new URL(name, folder))]));
};

const readShapes = (folder: URL): readonly JsonObject[] => {
  const shapes = Object.entries(readFolder(folder)).sort(([one], [other]) => Number(one) - Number(other));
  const gap = shapes.findIndex(([name], index) => name !== String(index + 1));
  if (gap >= 0) throw new Error(`${folder.pathname} should hold ${gap + 1}.json: what was published stays`);
  return shapes.map(([, shape]) => shape as JsonObject);
};

/** Reads what lies in the repository, whose root is given. */
export const readContract = (root: URL): Committed => {
  const folder = new URL(published, root);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const document = new URL(asyncApi, root);
  return {
    contract: {
      schemas: readFolder(new URL(schemas, root)) as Contract['schemas'],
      published: Object.fromEntries(names.map((name) => [name, readShapes(new URL(`${name}/`, folder))])),
      asyncApi: existsSync(document) ? (readJson(document) as JsonObject) : {},
    },
    golden: readFolder(new URL(golden, root)) as Committed['golden'],
  };
};

const filesOf = ({ schemas: current, published: shapes, asyncApi: document }: Contract): ReadonlyMap<string, JsonObject> =>
  new Map([
    ...Object.entries(current).map(([name, schema]) => [`${schemas}${name}.json`, schema] as const),
    ...Object.entries(shapes).flatMap(([name, all]) =>
      all.map((shape, index) => [`${published}${name}/${index + 1}.json`, shape] as const),
    ),
    [asyncApi, document] as const,
  ]);

/** The files that are not as they should be, with what they should hold; null for one that should not be there. */
export const outdatedFiles = (committed: Contract, wanted: Judgement['contract']): ReadonlyMap<string, JsonObject | null> => {
  const before = filesOf(committed);
  const after = filesOf(wanted);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return new Map(names.filter((name) => !sameJson(before.get(name), after.get(name))).map((name) => [name, after.get(name) ?? null]));
};
