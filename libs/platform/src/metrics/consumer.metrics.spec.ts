import { describe, expect, it } from '@jest/globals';
import { recordingLogger } from '../testing/fixture.js';
import { consumerMetrics } from './consumer.metrics.js';
import { createMetrics } from './prometheus.metrics.js';

describe('the metrics of a consumer', () => {
  it('show how far behind it is and what is parked, each time they are asked', async () => {
    const metrics = createMetrics('things');
    const partitions = new Map([
      ['a.v1', [7, 0, 2]],
      ['b.v1', [1]],
    ]);
    consumerMetrics(metrics, recordingLogger().logger).watch({
      lag: () => Promise.resolve([...partitions].flatMap(([topic, lags]) => lags.map((behind) => ({ topic, behind })))),
      parkedKeys: () => Promise.resolve(partitions.size),
    });
    const first = await metrics.render();
    expect(first).toContain('scheduled_scripts_consumer_lag_messages{topic="a.v1",service="things"} 9');
    expect(first).toContain('scheduled_scripts_parked_keys{service="things"} 2');
    partitions.delete('a.v1');
    const second = await metrics.render();
    expect(second).not.toContain('a.v1');
    expect(second).toContain('scheduled_scripts_parked_keys{service="things"} 1');
  });

  it('count what was parked and skipped, and the log says what and why', async () => {
    const metrics = createMetrics('things');
    const { logger, lines } = recordingLogger();
    const meters = consumerMetrics(metrics, logger);
    meters.skipped(2);
    meters.parked({ topic: 'a.v1', id: 'message-1' }, new Error('not understood'));
    const text = await metrics.render();
    expect(text).toContain('scheduled_scripts_unknown_events_total{service="things"} 2');
    expect(text).toContain('scheduled_scripts_parkings_total{service="things"} 1');
    expect(lines()).toMatchObject([{ level: 'error', topic: 'a.v1', messageId: 'message-1', err: { message: 'not understood' } }]);
  });
});
