import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { RunningService } from '../service.js';
import { definitionOf, startTest } from '../testing/fixture.js';
import { ThingsModule } from '../testing/things.module.js';
import { currentContext, runInContext, type RequestContext } from './request-context.js';
import { continueTrace } from './traceparent.js';

const received = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const wellFormed = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

describe('a trace', () => {
  it('goes on with a span of our own', () => {
    const ours = continueTrace(received);
    expect(ours).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    expect(ours).not.toBe(received);
  });

  it('of a later version is read as far as we know it', () => {
    expect(continueTrace(received.replace('00-', '01-') + '-more')).toContain('0af7651916cd43dd8448eb211c80319c');
  });

  it.each([
    undefined,
    '',
    'nonsense',
    received.toUpperCase(),
    received.replace('00-', 'ff-'),
    `${received}-more`,
    received.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
    received.replace('b7ad6b7169203331', '0'.repeat(16)),
    received.slice(0, -1),
    `01-${received.slice(3)}-${'x'.repeat(1_000)}`,
  ])('begins anew instead of %s', (malformed) => {
    const ours = continueTrace(malformed);
    expect(ours).toMatch(wellFormed);
    expect(ours).not.toContain('0af7651916cd43dd8448eb211c80319c');
  });

  it('is well-formed whatever comes in', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(continueTrace(text)).toMatch(wellFormed)));
  });
});

describe('the context of a request', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startTest(definitionOf(ThingsModule));
  });

  afterAll(() => service.stop());

  const contextOf = async (headers: Record<string, string>, body?: string): Promise<{ id: string | null; context: RequestContext }> => {
    const init = body === undefined ? { headers } : { method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } };
    const response = await fetch(`${service.url}/things`, init);
    return { id: response.headers.get('request-id'), context: ((await response.json()) as { context: RequestContext }).context };
  };

  it('is that of its headers, also after a body has been read', async () => {
    for (const body of [undefined, `{"name":"a"}`]) {
      const { id, context } = await contextOf({ 'request-id': 'mine:1.a-b_c', traceparent: received }, body);
      expect(id).toBe('mine:1.a-b_c');
      expect(context).toEqual({
        requestId: 'mine:1.a-b_c',
        correlationId: 'mine:1.a-b_c',
        causationId: 'mine:1.a-b_c',
        traceparent: expect.stringContaining('0af7651916cd43dd8448eb211c80319c'),
      });
    }
  });

  it.each(['', 'a b', 'x'.repeat(129), '<script>', 'a"b', 'é', 'a;b'])('is a new one instead of %s', async (id) => {
    expect((await contextOf({ 'request-id': id })).id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is its own, however many there are', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `request-${i}`);
    const contexts = await Promise.all(ids.map((id) => contextOf({ 'request-id': id }, `{"name":"a"}`)));
    expect(contexts.map(({ context }) => context.requestId)).toEqual(ids);
  });
});

it('a worker’s context lasts as long as its message', async () => {
  const context = { correlationId: 'c', causationId: 'k' };
  const inside = await runInContext(context, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return currentContext();
  });
  expect([inside, currentContext()]).toEqual([context, undefined]);
});
