import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseEnvironment } from '../environment/environment.js';
import { serviceEnvironment } from '../environment/service.environment.js';
import type { RunningService } from '../service.js';
import { definitionOf, startTest } from '../testing/fixture.js';
import { ThingsModule } from '../testing/things.module.js';
import { exchange, openSocket as open } from '../testing/wire.js';

const started = (env: Record<string, string> = {}): Promise<RunningService> => startTest(definitionOf(ThingsModule), env);

function parsed(answer: string): { readonly status: number; readonly headers: string; readonly body: Record<string, unknown> } {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), headers: head.toLowerCase(), body: JSON.parse(body) as Record<string, unknown> };
}

describe('a connection', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await started({ HEADERS_TIMEOUT_MILLIS: '300', REQUEST_TIMEOUT_MILLIS: '600' });
  });

  afterAll(() => service.stop());

  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400, 'malformed_request'],
    ['a TLS greeting', '\u0016\u0003\u0001\u0002\u0000\u0001', 400, 'malformed_request'],
    ['a header without a name', 'GET /things HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n', 400, 'malformed_request'],
    [
      'a length and chunks',
      'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'malformed_request',
    ],
    ['two lengths', 'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello', 400, 'malformed_request'],
    [
      'a broken chunk',
      'POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
      'malformed_request',
    ],
    ['headers without end', `GET /things HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, 431, 'headers_too_large'],
    ['headers that never end', 'GET /things HTTP/1.1\r\nHost: x\r\nX: ', 408, 'request_timeout'],
    [
      'a body that never comes',
      'POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"name"',
      408,
      'request_timeout',
    ],
  ])('that brings %s is answered in our shape and closed', async (_name, text, status, code) => {
    const answer = parsed(await exchange(service, text));
    expect(answer).toMatchObject({ status, body: { type: 'invalid_request_error', code, doc_url: expect.stringContaining(`#${code}`) } });
    expect(answer.headers).toMatch(/request-id: [\w-]{36}/);
    expect(answer.headers).toContain('connection: close');
  });

  it('that drips one byte at a time is closed all the same', async () => {
    const socket = open(service);
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    const drip = setInterval(() => socket.writable && socket.write('x'), 20);
    socket.on('error', () => clearInterval(drip));
    socket.write('GET /things HTTP/1.1\r\nHost: x\r\nX: ');
    await closed;
    clearInterval(drip);
    expect(parsed(received).status).toBe(408);
  });

  it('whose client goes away half-way does no harm', async () => {
    for (let i = 0; i < 20; i += 1) {
      const socket = open(service);
      await new Promise<void>((resolve) =>
        socket.write('POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{', () => resolve()),
      );
      socket.resetAndDestroy();
    }
    expect((await fetch(`${service.url}/things`)).status).toBe(200);
  });

  it('that sends a body that is too long is told before the body has come', async () => {
    const head = 'POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 104857600\r\n\r\n';
    const answer = parsed(await exchange(service, head));
    expect(answer).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect(answer.headers).toContain('connection: close');
  });

  it('that sends too many bytes in chunks is told so', async () => {
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const head = 'POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(parsed(await exchange(service, head + chunk.repeat(17)))).toMatchObject({ status: 413 });
  });
});

it('serves so many connections at a time, refuses the next, and serves it once there is room', async () => {
  const service = await started({ MAX_CONNECTIONS: '2' });
  const [first, second] = [open(service), open(service)];
  await Promise.all([first, second].map((socket) => once(socket, 'connect')));
  const get = 'GET /things HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  const ask = (): Promise<string> => exchange(service, get).catch(() => '');
  await expect(ask()).resolves.toBe('');
  first.destroy();
  let answer = '';
  for (const deadline = Date.now() + 10_000; answer === '' && Date.now() < deadline;) answer = await ask();
  expect(parsed(answer).status).toBe(200);
  second.destroy();
  await service.stop();
});

it('lets go of a connection that is idle, later than load balancers do', async () => {
  const service = await started({ KEEP_ALIVE_TIMEOUT_MILLIS: '200' });
  const answer = await exchange(service, 'GET /things HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(parsed(answer)).toMatchObject({ status: 200, headers: expect.stringContaining('connection: keep-alive') });
  await service.stop();
  // The usual 60 s: of two who close at once, one loses a request.
  expect(parseEnvironment(serviceEnvironment, {}).KEEP_ALIVE_TIMEOUT_MILLIS).toBeGreaterThan(60_000);
});

it.each([
  ['a path', `/${'x'.repeat(17_000)}`, 431, undefined],
  ['a query', `/things?${'x'.repeat(17_000)}`, 431, undefined],
  ['parameters', `/things?${Array.from({ length: 2_500 }, (_, n) => `a${n}`).join('&')}`, 400, 50],
])('takes %s up to a bound', async (_what, target, status, errors) => {
  const service = await started();
  const { status: found, body } = parsed(await exchange(service, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`));
  expect([found, (body['errors'] as unknown[] | undefined)?.length]).toEqual([status, errors]);
  await service.stop();
});
