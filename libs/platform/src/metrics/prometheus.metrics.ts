import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../metrics.js';
import { within } from '../within.js';

type CounterOptions<Label extends string> = Parameters<Metrics['counter']>[0] & {
  readonly labelNames?: readonly Label[];
  readonly labels?: Readonly<Record<Label, readonly string[]>>;
};
type GaugeOptions<Label extends string> = Parameters<Metrics['gauge']>[0] & { readonly labelNames?: readonly Label[] };

/** Less than a scraper waits: one gauge that gets no answer must not cost all the others. */
const collectMillis = 3_000;

/** A registry of the service's own, with the metrics of the process in it. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const failures = new Counter({
    name: 'scheduled_scripts_gauge_failures_total',
    help: 'Scrapes at which a gauge had no value, because what it asks did not answer',
    labelNames: ['gauge'],
    registers,
  });
  return {
    counter: <Label extends string>({ name, help, labelNames = [], labels }: CounterOptions<Label>) => {
      const names = labels === undefined ? labelNames : (Object.keys(labels) as Label[]);
      const counter = new Counter<Label>({ name, help, labelNames: [...names], registers });
      if (labels !== undefined) for (const series of seriesOf(labels)) counter.inc(series, 0);
      return counter;
    },
    histogram: ({ name, help, labelNames = [], buckets }) =>
      new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers }),
    gauge: <Label extends string>({ name, help, labelNames = [], collect }: GaugeOptions<Label>) => {
      const options = { name, help, labelNames: [...labelNames], registers };
      if (collect === undefined) return new Gauge<Label>(options);
      failures.inc({ gauge: name }, 0);
      return new Gauge<Label>({
        ...options,
        async collect(this: Gauge<Label>) {
          try {
            await within(collectMillis, Promise.resolve(collect(this)));
          } catch {
            failures.inc({ gauge: name });
            withoutValue(this, labelNames);
          }
        },
      });
    },
    render: () => registry.metrics(),
  };
}

/** Every combination of the values. */
function seriesOf<Label extends string>(labels: Readonly<Record<Label, readonly string[]>>): readonly Partial<Record<Label, string>>[] {
  return Object.entries<readonly string[]>(labels).reduce<readonly Partial<Record<Label, string>>[]>(
    (all, [label, values]) => all.flatMap((series) => values.map((value) => ({ ...series, [label]: value }))),
    [{}],
  );
}

/** An old value would be taken for today's, and the 0 to which a gauge without labels is reset for a real one. */
function withoutValue(gauge: Gauge, labelNames: readonly string[]): void {
  if (labelNames.length === 0) gauge.remove();
  else gauge.reset();
}
