import type { Counter, Gauge, Histogram } from 'prom-client';

interface Described<Label extends string> {
  /** `scheduled_scripts_…`, base unit, `_total` for counters. */
  readonly name: string;
  readonly help: string;
  /** Closed sets only: never a script, site, user or execution id. */
  readonly labelNames?: readonly Label[];
}

/** The metrics of one service; several services in one process do not share them. */
export interface Metrics {
  /** `labels`: in place of their names, where all values are known; each is counted from 0, so that the first one is an increase. */
  counter<Label extends string = never>(
    options: Described<Label> & { readonly labels?: Readonly<Record<Label, readonly string[]>> },
  ): Counter<Label>;
  histogram<Label extends string = never>(options: Described<Label> & { readonly buckets: readonly number[] }): Histogram<Label>;
  /** `collect` is asked at each scrape. While it rejects, or takes seconds, the gauge has no value. */
  gauge<Label extends string = never>(
    options: Described<Label> & { readonly collect?: (gauge: Gauge<Label>) => Promise<void> | void },
  ): Gauge<Label>;
  /** The text of `/metrics`. */
  render(): Promise<string>;
}
