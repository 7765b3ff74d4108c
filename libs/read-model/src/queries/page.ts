/** A stretch of a list, and whether more follows. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly more: boolean;
}

export interface PageSize {
  /** Entries at most. */
  readonly rows: number;
  /** Of text at most, about; one entry always fits. */
  readonly bytes: number;
}

/** Of a row of `boundedPage`: how many rows there would be without the bound of bytes. */
export interface Candidates {
  readonly candidates: number;
}

/**
 * Cuts an ordered SELECT of at most `rows` + 1 rows, which has a column for the size of each, where the page is full. Large values that
 * are cut off have not been read by then.
 */
export const boundedPage = (source: string, size: string, order: string, bytesParameter: number): string => `
  (SELECT * FROM (
    SELECT *, row_number() OVER filled AS place, sum(${size}) OVER filled AS filled_bytes, (count(*) OVER ())::integer AS candidates
    FROM (${source}) candidate WINDOW filled AS (ORDER BY ${order})
  ) placed WHERE place = 1 OR filled_bytes <= $${bytesParameter})`;

export const pageOf = <Columns extends Candidates, Item>(
  found: readonly Columns[],
  rows: number,
  itemOf: (columns: Columns) => Item,
): Page<Item> => {
  const shown = found.slice(0, rows);
  return { items: shown.map(itemOf), more: (found[0]?.candidates ?? 0) > shown.length };
};
