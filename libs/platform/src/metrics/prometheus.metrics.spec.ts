import { describe, expect, it } from '@jest/globals';
import { createMetrics } from './prometheus.metrics.js';

describe('a gauge that cannot be collected', () => {
  it('has no value, is counted, and leaves the others alone', async () => {
    const metrics = createMetrics('things');
    let away = false;
    const value = async (): Promise<number> => {
      if (away) throw new Error('the database is away');
      return 3;
    };
    metrics.gauge({ name: 'plain', help: 'p', collect: async (gauge) => gauge.set(await value()) });
    metrics.gauge({
      name: 'labelled',
      help: 'l',
      labelNames: ['topic'],
      collect: async (gauge) => gauge.set({ topic: 'a' }, await value()),
    });
    metrics.gauge({
      name: 'broken',
      help: 'b',
      collect: () => {
        throw new Error('at once');
      },
    });
    metrics.gauge({ name: 'other', help: 'o', collect: (gauge) => gauge.set(7) });
    expect(await metrics.render()).toMatch(/^plain\{service="things"\} 3$/m);

    away = true;
    const text = await metrics.render();
    expect(text).not.toMatch(/^(plain|labelled|broken)\{/m);
    expect(text).toMatch(/^other\{service="things"\} 7$/m);

    away = false;
    const later = await metrics.render();
    expect(later).toMatch(/^labelled\{topic="a",service="things"\} 3$/m);
    expect(later).toMatch(/^scheduled_scripts_gauge_failures_total\{gauge="plain",service="things"\} 1$/m);
  });
});
