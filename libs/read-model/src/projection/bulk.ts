/** One column of many rows that are sent as arrays, one array a column. */
export interface BulkColumn<Item> {
  readonly name: string;
  /** `json`: JSON that is stored as text; never null. */
  readonly type: 'uuid' | 'text' | 'integer' | 'jsonb' | 'json';
  readonly of: (item: Item) => string | number | null;
}

export interface Bulk<Item> {
  /** `id, revision, …` */
  readonly names: string;
  /** `unnest($1::uuid[], …) AS excluded (id, …)`: as in an upsert, `excluded` is what comes in. */
  readonly source: string;
  /** `revision = excluded.revision, …`, without the first column, which is the key. */
  readonly assignments: string;
  values(items: readonly Item[]): unknown[];
}

/**
 * The driver writes an array as text and escapes each quote in it: for scripts full of quotes that took a hundred times as long as all
 * the rest. JSON has no control characters outside of escapes, so that one of them can stand between the texts.
 */
const betweenJson = '\u001f';

const received = (type: BulkColumn<unknown>['type'], parameter: number): string =>
  type === 'json' ? `string_to_array($${parameter}::text, E'\\x1f')` : `$${parameter}::${type}[]`;

export const bulk = <Item>(columns: readonly BulkColumn<Item>[]): Bulk<Item> => {
  const names = columns.map(({ name }) => name);
  return {
    names: names.join(', '),
    source: `unnest(${columns.map(({ type }, index) => received(type, index + 1)).join(', ')}) AS excluded (${names.join(', ')})`,
    assignments: names
      .slice(1)
      .map((name) => `${name} = excluded.${name}`)
      .join(', '),
    values: (items) => columns.map(({ type, of }) => (type === 'json' ? items.map(of).join(betweenJson) : items.map(of))),
  };
};
