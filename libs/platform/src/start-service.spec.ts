import { Agent, request } from 'node:http';
import { Controller, Get, Module, Post, type DynamicModule } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { EnvironmentError } from './environment/environment.js';
import type { RunningService, ServiceParts, Worker } from './service.js';
import { definitionOf, recordingLogger, startTest } from './testing/fixture.js';
import { ThingsModule } from './testing/things.module.js';

const statusOf = async (url: string, path: string): Promise<number> => (await fetch(`${url}${path}`)).status;

/** A promise and what settles it. */
function latch(): { readonly opened: Promise<void>; readonly open: () => void } {
  const listeners: (() => void)[] = [];
  return { opened: new Promise((resolve) => listeners.push(resolve)), open: () => listeners.forEach((listener) => listener()) };
}

function recordingWorker(name: string, events: string[], change: Partial<Worker> = {}): Worker {
  return {
    name,
    start: async () => void events.push(`start ${name}`),
    stop: async () => void events.push(`stop ${name}`),
    ...change,
  };
}

/** A module whose `GET /slow` answers when it is let. */
function slowModule(arrived: () => void, released: Promise<void>): DynamicModule {
  @Controller()
  class SlowController {
    @Get('slow')
    async slow(): Promise<string> {
      arrived();
      await released;
      return 'done';
    }

    @Post('slow')
    post(): string {
      return 'done';
    }
  }
  class SlowModule {}
  return { module: SlowModule, controllers: [SlowController] };
}

/** The head of an answer on a connection that its client would like to keep. */
const keptAlive = (service: RunningService, path: string, agent: Agent): Promise<{ status?: number; connection?: string }> =>
  new Promise((resolve, reject) => {
    const sent = request(`${service.url}${path}`, { agent }, (response) => {
      const { connection } = response.headers;
      response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, connection: connection ?? '' }));
    });
    sent.on('error', reject).end();
  });

describe('a service', () => {
  it('starts its workers in order and stops them in reverse, before HTTP and connections close', async () => {
    const events: string[] = [];
    const parts: Partial<ServiceParts> = {
      workers: [recordingWorker('a', events), recordingWorker('b', events)],
    };
    const service = await startTest(definitionOf(ThingsModule, parts, async () => void events.push('close')));
    expect(events).toEqual(['start a', 'start b']);
    await Promise.all([service.stop(), service.stop()]);
    await service.stop();
    expect(events).toEqual(['start a', 'start b', 'stop b', 'stop a', 'close']);
    await expect(fetch(service.url)).rejects.toThrow('fetch failed');
  });

  it('is ready while it runs, and says so on a port of its own if it has one', async () => {
    const service = await startTest(definitionOf(ThingsModule, { readiness: { database: async () => {} } }), { METRICS_PORT: '0' });
    expect(service.healthUrl).not.toBe(service.url);
    const paths = ['/livez', '/readyz', '/metrics'];
    expect(await Promise.all(paths.map((path) => statusOf(service.healthUrl, path)))).toEqual([200, 200, 200]);
    expect(await Promise.all(paths.map((path) => statusOf(service.url, path)))).toEqual([404, 404, 404]);
    const ready = await fetch(`${service.healthUrl}/readyz`);
    expect(await ready.json()).toEqual({ status: 'ok', checks: { database: 'ok' } });
    const unknown = await fetch(`${service.healthUrl}/nothing`);
    expect(await unknown.json()).toMatchObject({ code: 'route_not_found' });
    expect(unknown.headers.get('request-id')).toMatch(/^[\w-]{36}$/);
    expect((await fetch(`${service.healthUrl}/livez`, { method: 'HEAD' })).status).toBe(200);
    await service.stop();
  });

  it('is not ready when a check fails, and not alive once a worker has died', async () => {
    const died = latch();
    const worker = recordingWorker('consumer', [], { died: died.opened.then(() => new Error('the loop broke')) });
    const readiness = { database: () => Promise.reject(new Error('db.internal does not answer')) };
    const recorded = recordingLogger();
    const service = await startTest(definitionOf(ThingsModule, { workers: [worker], readiness }), {}, recorded.logger);
    const ready = await fetch(`${service.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'failed', checks: { database: 'failed' } }]);
    expect(await statusOf(service.url, '/livez')).toBe(200);
    died.open();
    await died.opened;
    const alive = await fetch(`${service.url}/livez`);
    expect([alive.status, await alive.json()]).toEqual([503, { status: 'failed', checks: { consumer: 'failed' } }]);
    expect(recorded.lines()).toContainEqual(expect.objectContaining({ level: 'fatal', worker: 'consumer' }));
    await service.stop();
  });

  it('shares nothing with another one in the process', async () => {
    const [first, second] = await Promise.all([startTest(definitionOf(ThingsModule)), startTest(definitionOf(ThingsModule))]);
    await first.stop();
    expect(await statusOf(second.url, '/things')).toBe(200);
    await second.stop();
  });
});

describe('a stop', () => {
  it('lets a request that is under way end, and asks to close its connection', async () => {
    const [arrived, released, workerStopped] = [latch(), latch(), latch()];
    const worker = recordingWorker('w', [], { stop: async () => workerStopped.open() });
    const service = await startTest(definitionOf(slowModule(arrived.open, released.opened), { workers: [worker] }));
    const agent = new Agent({ keepAlive: true });
    const answer = keptAlive(service, '/slow', agent);
    await arrived.opened;
    const stopped = service.stop();
    await workerStopped.opened;
    released.open();
    expect(await answer).toEqual({ status: 200, connection: 'close' });
    await stopped;
    agent.destroy();
  });

  it('turns readiness off at once, while requests are still served', async () => {
    const held = latch();
    const worker = recordingWorker('slow', [], { stop: () => held.opened });
    const service = await startTest(definitionOf(ThingsModule, { workers: [worker] }), { METRICS_PORT: '0' });
    const stopped = service.stop();
    const ready = await fetch(`${service.healthUrl}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'stopping', checks: {} }]);
    const served = await fetch(`${service.url}/things`);
    expect([served.status, served.headers.get('connection')]).toEqual([200, 'close']);
    held.open();
    await stopped;
  });

  it('tells parts with streams to end them', async () => {
    let stopping: AbortSignal | undefined;
    const base = definitionOf(ThingsModule);
    const service = await startTest({
      ...base,
      create: (context) => {
        ({ stopping } = context);
        return base.create(context);
      },
    });
    expect(stopping?.aborted).toBe(false);
    await service.stop();
    expect(stopping?.aborted).toBe(true);
  });

  it('ends within its grace period, whatever hangs', async () => {
    const events: string[] = [];
    const arrived = latch();
    const hanging = recordingWorker('hanging', events, { stop: () => new Promise(() => {}) });
    const broken = recordingWorker('broken', events, { stop: () => Promise.reject(new Error('no')) });
    const parts = { workers: [recordingWorker('good', events), broken, hanging] };
    const recorded = recordingLogger();
    const service = await startTest(
      definitionOf(slowModule(arrived.open, new Promise(() => {})), parts, async () => void events.push('close')),
      { SHUTDOWN_GRACE_MILLIS: '400' },
      recorded.logger,
    );
    const cut = fetch(`${service.url}/slow`).catch(String);
    await arrived.opened;
    await service.stop();
    expect(await cut).toContain('fetch failed');
    expect(events).toEqual(['start good', 'start broken', 'start hanging', 'stop good', 'close']);
    const complaints = recorded.lines().filter(({ level }) => level === 'error');
    expect(complaints.map(({ step }) => step)).toEqual(['hanging', 'broken', 'http']);
  });
});

describe('a start that fails', () => {
  it('names what is wrong with the environment before anything is made', async () => {
    const definition = { ...definitionOf(ThingsModule), create: () => Promise.reject(new Error('made')) };
    await expect(startTest(definition, { LOG_LEVEL: 'loud' })).rejects.toThrow(EnvironmentError);
  });

  it('undoes the workers and parts that it has begun', async () => {
    const events: string[] = [];
    const failing = recordingWorker('failing', events, { start: () => Promise.reject(new Error('no lease')) });
    const parts = {
      workers: [recordingWorker('first', events), failing, recordingWorker('never', events)],
    };
    await expect(startTest(definitionOf(ThingsModule, parts, async () => void events.push('close')))).rejects.toThrow('no lease');
    expect(events).toEqual(['start first', 'stop failing', 'stop first', 'close']);
  });

  it('undoes everything when its port is taken', async () => {
    const first = await startTest(definitionOf(ThingsModule));
    const events: string[] = [];
    const definition = definitionOf(ThingsModule, { workers: [recordingWorker('w', events)] }, async () => void events.push('close'));
    const { port } = new URL(first.url);
    await expect(startTest(definition, {}, recordingLogger().logger, Number(port))).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    expect(events).toEqual(['start w', 'stop w', 'close']);
    await first.stop();
  });

  it('closes the parts when the module does not come up', async () => {
    @Module({ controllers: [], providers: [{ provide: 'broken', useFactory: () => Promise.reject(new Error('no provider')) }] })
    class BrokenModule {}
    const events: string[] = [];
    await expect(startTest(definitionOf(BrokenModule, {}, async () => void events.push('close')))).rejects.toThrow('no provider');
    expect(events).toEqual(['close']);
  });
});
