import { Controller, Get, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from '../environment/environment.js';
import { serviceEnvironment } from '../environment/service.environment.js';
import type { RunningService } from '../service.js';
import { definitionOf, startTest } from '../testing/fixture.js';
import { ThingsModule } from '../testing/things.module.js';
import { callerOf, RateLimiter, requestsPerSecond } from './rate-limit.js';

const statusOf = async ({ url }: RunningService, path: string, headers: Record<string, string> = {}): Promise<number> =>
  (await fetch(`${url}${path}`, { headers })).status;

const limited = { RATE_LIMIT_PER_SECOND: '1' };

const from = (i: number) => ({ 'x-forwarded-for': `192.0.2.${i}` });

/** So many at once that on no machine one a second would do. */
const burst = (send: (i: number) => Promise<number>): Promise<readonly number[]> =>
  Promise.all(Array.from({ length: 30 }, (_, i) => send(i)));

@Controller('mine')
class MineController {
  @Get()
  get(): string {
    return 'mine';
  }
}

/** As an authentication does it: the caller in `onRequest`, the refusal in `preParsing`. */
@Module({ controllers: [MineController] })
class AuthenticatedModule {
  constructor(host: HttpAdapterHost) {
    const server = host.httpAdapter.getInstance<FastifyInstance>();
    server.decorateRequest('caller', null);
    server.addHook('onRequest', (request, _reply, done) => {
      const { user } = request.headers;
      if (typeof user === 'string') Object.assign(request, { caller: { sub: user } });
      done();
    });
    server.addHook('preParsing', (request, reply, _payload, done) => {
      if (request.headers['user'] === undefined) void reply.code(401).send({});
      else done();
    });
  }
}

describe('a rate limit', () => {
  it('lets a burst of a second through and refills steadily', () => {
    let now = 0;
    const limiter = new RateLimiter(2, () => now);
    const passes = (caller: string): boolean => {
      try {
        limiter.take(caller);
        return true;
      } catch {
        return false;
      }
    };
    expect(['a', 'a', 'a', 'b'].map(passes)).toEqual([true, true, false, true]);
    now = 499;
    expect(passes('a')).toBe(false);
    now = 500;
    expect([passes('a'), passes('a')]).toEqual([true, false]);
    now = 100_000;
    expect(['a', 'a', 'a'].map(passes)).toEqual([true, true, false]);
  });

  it('says when to come back', () => {
    const limiter = new RateLimiter(1, () => 0);
    limiter.take('a');
    expect(() => limiter.take('a')).toThrow(
      expect.objectContaining({
        api: expect.objectContaining({ status: 429, code: 'too_many_requests', headers: { 'Retry-After': '1' } }),
      }),
    );
  });

  it('forgets whoever has been idle longest rather than grow for ever', () => {
    const limiter = new RateLimiter(1, () => 0);
    limiter.take('first');
    for (let i = 0; i < 10_000; i += 1) limiter.take(`caller-${i}`);
    expect(() => limiter.take('first')).not.toThrow();
    expect(() => limiter.take('caller-9999')).toThrow('a second');
  });

  it('is the caller’s own, whatever address the caller has', async () => {
    const service = await startTest(definitionOf(AuthenticatedModule), limited);
    const statuses = await burst((i) => statusOf(service, '/mine', { user: i === 0 ? 'b' : 'a' }));
    expect(statuses[0]).toBe(200);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    await service.stop();
  });

  it('also bounds the guessing of those who are nobody', async () => {
    const service = await startTest(definitionOf(AuthenticatedModule), limited);
    expect(new Set(await burst(() => statusOf(service, '/mine')))).toEqual(new Set([401, 429]));
    await service.stop();
  });

  it.each([
    ['192.0.2.7', 'address 192.0.2.7'],
    ['::ffff:192.0.2.7', 'address 192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', 'address 2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', 'address 2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::', 'address 2001:db8:1:2::/64'],
    ['2001:db8::5:6', 'address 2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'address fe80:0:0:0::/64'],
    ['::1', 'address 0:0:0:0::/64'],
    ['::', 'address 0:0:0:0::/64'],
    ['unknown', 'address unknown'],
  ])('takes those who come from %s for one', (ip, caller) => {
    expect(callerOf({ ip })).toBe(caller);
  });

  it('believes a forwarded address from a trusted proxy only', async () => {
    const open = await startTest(definitionOf(ThingsModule), limited);
    expect(await burst((i) => statusOf(open, '/things', from(i)))).toContain(429);
    await open.stop();
    const behind = await startTest(definitionOf(ThingsModule), { ...limited, TRUSTED_PROXIES: '127.0.0.0/8, ::1' });
    expect(new Set(await burst((i) => statusOf(behind, '/things', from(i))))).toEqual(new Set([200]));
    await behind.stop();
  });

  it('leaves probes alone', async () => {
    const service = await startTest(definitionOf(ThingsModule), limited);
    expect(new Set(await burst(() => statusOf(service, '/livez')))).toEqual(new Set([200]));
    await service.stop();
  });

  it('is off unless in production or asked for', () => {
    const limitOf = [{}, { NODE_ENV: 'production' }, { NODE_ENV: 'production', RATE_LIMIT_PER_SECOND: '0' }, limited].map((env) =>
      requestsPerSecond(parseEnvironment(serviceEnvironment, env)),
    );
    expect(limitOf).toEqual([0, 50, 0, 1]);
  });
});
