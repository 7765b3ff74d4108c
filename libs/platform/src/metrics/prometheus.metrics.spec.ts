import { describe, expect, it } from '@jest/globals';
import { createMetrics } from './prometheus.metrics.js';

describe('a counter whose labels are known', () => {
  it('is 0 from the beginning, for all of their values', async () => {
    const metrics = createMetrics('things');
    const counter = metrics.counter({ name: 'tries', help: 't', labels: { result: ['good', 'bad'], size: ['small', 'large'] } });
    counter.inc({ result: 'bad', size: 'large' });
    const series = (await metrics.render()).split('\n').filter((line) => line.startsWith('tries{'));
    expect(series).toEqual([
      'tries{result="good",size="small",service="things"} 0',
      'tries{result="good",size="large",service="things"} 0',
      'tries{result="bad",size="small",service="things"} 0',
      'tries{result="bad",size="large",service="things"} 1',
    ]);
  });
});

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
