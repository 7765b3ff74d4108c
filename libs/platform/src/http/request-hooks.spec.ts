import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { Controller, Get, Module, Res } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { definitionOf, recordingLogger, startTest } from '../testing/fixture.js';
import { ThingsModule } from '../testing/things.module.js';

const statusOf = async (url: string, path: string): Promise<number> => (await fetch(`${url}${path}`)).status;

@Controller()
class EndlessController {
  @Get('stream')
  stream(@Res() reply: FastifyReply): void {
    reply.hijack();
    reply.raw.writeHead(200).write('a');
  }

  @Get('silence')
  silence(): Promise<never> {
    return new Promise(() => {});
  }
}

@Module({ controllers: [EndlessController] })
class EndlessModule {}

describe('what is said of requests', () => {
  it('counts requests by template, never by id', async () => {
    const service = await startTest(definitionOf(ThingsModule));
    const id = '0198f1c2-7f3e-7b2a-9c31-3f1d2b4a5c6d';
    await Promise.all([`/things/${id}`, '/things/no-uuid', `/nothing/${id}`].map((path) => statusOf(service.url, path)));
    const series = ['/things/:id|2xx', '/things/:id|4xx', 'unknown|4xx'].map((labels) => labels.split('|'));
    const counted = (text: string): boolean =>
      series.every(([route, status]) =>
        text
          .split('\n')
          .some((line) => line.includes('duration_seconds_count{') && line.includes(`"${route}"`) && line.includes(`"${status}"`)),
      );
    // A request is counted once its answer is out, so the client may be faster.
    let text = '';
    while (!counted(text)) text = await (await fetch(`${service.url}/metrics`)).text();
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toContain(id);
    await service.stop();
  });

  it('logs each request with its template, and probes not at all', async () => {
    const recorded = recordingLogger();
    const service = await startTest(definitionOf(ThingsModule), {}, recorded.logger);
    await statusOf(service.url, '/livez');
    await statusOf(service.url, '/things?limit=1');
    await service.stop();
    const requests = recorded.lines().filter(({ msg }) => msg === 'request');
    expect(requests).toEqual([expect.objectContaining({ method: 'GET', route: '/things', status: 200, requestId: expect.any(String) })]);
  });

  it('logs and counts what its client left before it ended, with the status that it was told', async () => {
    const recorded = recordingLogger();
    const service = await startTest(definitionOf(EndlessModule), {}, recorded.logger);
    const requests = () => recorded.lines().filter(({ msg }) => msg === 'request');
    const stream = request(`${service.url}/stream`).end();
    const [answer] = (await once(stream, 'response')) as [IncomingMessage];
    answer.destroy();
    while (requests().length < 1) await turn();
    const silence = request(`${service.url}/silence`).on('error', () => undefined);
    await once(silence.end(), 'finish');
    silence.destroy();
    while (requests().length < 2) await turn();
    expect(requests()).toMatchObject([
      { route: '/stream', status: 200, cut: true },
      { route: '/silence', status: null, cut: true },
    ]);
    const text = await (await fetch(`${service.url}/metrics`)).text();
    expect(text).toContain('duration_seconds_count{service="things",route="/stream",method="GET",status="2xx"} 1');
    expect(text).not.toContain('/silence');
    await service.stop();
    expect(requests()).toHaveLength(2);
  });
});
