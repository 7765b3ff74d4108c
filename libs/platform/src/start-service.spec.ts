import { expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { definitionOf, startTest } from './testing/fixture.js';

@Controller('things')
class ThingsController {
  @Get()
  list(): unknown {
    return ['a'];
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

it('serves its controllers, health and metrics until it is stopped', async () => {
  const running = await startTest(definitionOf(ThingsModule));
  const statusOf = async (path: string) => (await fetch(`${running.url}${path}`)).status;
  expect(await (await fetch(`${running.url}/things`)).json()).toEqual(['a']);
  expect(await Promise.all(['/livez', '/readyz', '/metrics', '/nothing'].map(statusOf))).toEqual([200, 200, 200, 404]);
  await running.stop();
  await expect(fetch(`${running.url}/things`)).rejects.toThrow('fetch failed');
});
