import { describe, expect, it } from '@jest/globals';
import { definitionOf, startTest } from './testing/fixture.js';
import { ThingsModule } from './testing/things.module.js';

describe('what a service has opened', () => {
  it('is closed last of all and in reverse', async () => {
    const events: string[] = [];
    const base = definitionOf(ThingsModule, {
      workers: [{ name: 'a', start: async () => {}, stop: async () => void events.push('stop a') }],
    });
    const service = await startTest({
      ...base,
      create: (context) => {
        for (const name of ['pool', 'store']) context.opened(name, { close: async () => void events.push(`close ${name}`) });
        return base.create(context);
      },
    });
    await service.stop();
    expect(events).toEqual(['stop a', 'close store', 'close pool']);
  });

  it('is closed when the start fails, also after something that cannot be closed', async () => {
    const events: string[] = [];
    const start = startTest({
      ...definitionOf(ThingsModule),
      create: async ({ opened }) => {
        opened('pool', { close: async () => void events.push('close pool') });
        opened('store', { close: () => Promise.reject(new Error('no answer')) });
        throw new Error('no topics');
      },
    });
    await expect(start).rejects.toThrow('no topics');
    expect(events).toEqual(['close pool']);
  });
});
