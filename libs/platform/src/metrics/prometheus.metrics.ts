import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../metrics.js';

type GaugeOptions<Label extends string> = Parameters<Metrics['gauge']>[0] & { readonly labelNames?: readonly Label[] };

/** A registry of the service's own, with the metrics of the process in it. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    counter: ({ name, help, labelNames = [] }) => new Counter({ name, help, labelNames: [...labelNames], registers }),
    histogram: ({ name, help, labelNames = [], buckets }) =>
      new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers }),
    gauge: <Label extends string>({ name, help, labelNames = [], collect }: GaugeOptions<Label>) =>
      new Gauge<Label>({
        name,
        help,
        labelNames: [...labelNames],
        registers,
        ...(collect === undefined
          ? {}
          : {
              collect(this: Gauge<Label>) {
                return collect(this);
              },
            }),
      }),
    render: () => registry.metrics(),
  };
}
