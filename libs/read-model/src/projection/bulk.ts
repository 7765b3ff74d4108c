/** One column of many rows that are sent as arrays, one array a column. */
export interface BulkColumn<Item> {
  readonly name: string;
  readonly type: string;
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

export const bulk = <Item>(columns: readonly BulkColumn<Item>[]): Bulk<Item> => {
  const names = columns.map(({ name }) => name);
  return {
    names: names.join(', '),
    source: `unnest(${columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ')}) AS excluded (${names.join(', ')})`,
    assignments: names
      .slice(1)
      .map((name) => `${name} = excluded.${name}`)
      .join(', '),
    values: (items) => columns.map(({ of }) => items.map(of)),
  };
};
