import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exchange, gatewayBench } from '../testing/gateway-bench.js';
import { startGateway } from './gateway.js';

const { serve, gatewayTo, stopAll, opened } = gatewayBench();
afterEach(stopAll);

/** Says its name and what it was asked. */
const echo =
  (name: string): RequestListener =>
  (asked, answer) =>
    void text(asked).then((body) =>
      answer.end(JSON.stringify({ name, method: asked.method, url: asked.url, headers: asked.headers, body })),
    );

const nobody = async (): Promise<string> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return `http://127.0.0.1:${port}`;
};

const named =
  (name: string): RequestListener =>
  (_asked, answer) =>
    void answer.setHeader('name', name).end();

describe('the gateway', () => {
  it.each([
    ['GET', '/scripts/scheduled', 'query'],
    ['GET', '/scripts/scheduled/1/progress?x=/authorize', 'query'],
    ['HEAD', '/scripts/scheduled/1', 'query'],
    ['POST', '/scripts/scheduled', 'command'],
    ['GET', '/scripts/scheduled/1/authorize', 'command'],
    ['GET', '/scripts/scheduled/1/authorize?x=1', 'command'],
    ['DELETE', '/scripts/scheduled/1', 'command'],
    ['GET', '/sites', 'command'],
    ['GET', '/authorize/token', 'command'],
    ['POST', '/authorize/token', 'command'],
    ['GET', '/', 'command'],
  ])('sends %s %s to %s-api', async (method, path, expected) => {
    const gateway = await gatewayTo(await serve(named('command')), await serve(named('query')));
    expect((await fetch(`${gateway.url}${path}`, { method })).headers.get('name')).toBe(expected);
  });

  it('passes requests and answers on as they are, less what is about one connection only', async () => {
    const gateway = await gatewayTo(await serve(echo('one')));
    const head = 'DELETE /a/../b/%2e%2e?q=%00&r=1 HTTP/1.1\r\nHost: gateway.example\r\nX-Kept: a\r\nX-Dropped: b\r\nContent-Length: 5\r\n';
    const received = await exchange(gateway, `${head}Connection: close, x-dropped, content-length\r\n\r\nhello`);
    const { method, url, headers, body } = JSON.parse(received.split('\r\n\r\n')[1] ?? '') as Record<string, unknown>;
    expect({ method, url, body }).toEqual({ method: 'DELETE', url: '/a/../b/%2e%2e?q=%00&r=1', body: 'hello' });
    expect(headers).toEqual({ host: 'gateway.example', 'x-kept': 'a', 'content-length': '5', connection: 'keep-alive' });
  });

  it('passes both of two tokens on, for the service to refuse', async () => {
    const gateway = await gatewayTo(await serve((asked, answer) => answer.end(JSON.stringify(asked.headersDistinct['authorization']))));
    const head = 'GET / HTTP/1.1\r\nHost: gateway.example\r\nAuthorization: one\r\nAuthorization: two\r\nConnection: close\r\n\r\n';
    expect((await exchange(gateway, head)).split('\r\n\r\n')[1]).toContain('["one","two"]');
  });

  it('takes a client that takes it for a proxy to the same service', async () => {
    const gateway = await gatewayTo(await serve(echo('command')), await serve(echo('query')));
    const received = await exchange(
      gateway,
      'GET http://evil.example/scripts/scheduled?a=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(received).toContain('"name":"query","method":"GET","url":"/scripts/scheduled?a=1"');
  });

  it('keeps trailers, and what is said of them, to itself', async () => {
    const gateway = await gatewayTo(await serve(echo('one')));
    const head = 'POST /sites HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTrailer: X\r\nConnection: close\r\n';
    const [announced, chunked] = await Promise.all([
      exchange(gateway, `${head}Content-Length: 2\r\n\r\n{}`),
      exchange(gateway, `${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\n`),
    ]);
    for (const received of [announced, chunked]) {
      expect(received).toContain('"body":"{}"');
      expect(received).not.toMatch(/trailer/i);
    }
  });

  it('passes an answer of many chunks on as they come', async () => {
    const steps: (() => void)[] = [];
    const gateway = await gatewayTo(
      await serve((_asked, answer) => {
        answer.write('one');
        steps.push(() => answer.end('two'));
      }),
    );
    const answer = await fetch(`${gateway.url}/scripts/scheduled/1/events`);
    const reader = (answer.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream()).getReader();
    expect(await reader.read()).toEqual({ done: false, value: 'one' });
    steps[0]?.();
    expect(await reader.read()).toEqual({ done: false, value: 'two' });
  });

  it('lets go of a service when the client has', async () => {
    const service = createServer().listen(0, '127.0.0.1');
    opened.push(service);
    await once(service, 'listening');
    const gateway = await gatewayTo(`http://127.0.0.1:${(service.address() as AddressInfo).port}`);
    const arrival = once(service, 'request');
    const control = new AbortController();
    const cut = fetch(gateway.url, { signal: control.signal }).catch(() => 'cut');
    const [asked] = (await arrival) as [IncomingMessage];
    const closed = once(asked.socket, 'close');
    control.abort();
    expect(await cut).toBe('cut');
    await closed;
  });

  it('ends a stream on either side when it ends on the other', async () => {
    const streams: ServerResponse[] = [];
    const gateway = await gatewayTo(
      await serve((_asked, answer) => {
        streams.push(answer);
        answer.write('on it goes');
      }),
    );
    const open = async (signal?: AbortSignal) => {
      const { body } = await fetch(`${gateway.url}/scripts/scheduled/1/events`, signal ? { signal } : {});
      const reader = (body ?? new ReadableStream<Uint8Array>()).getReader();
      await reader.read();
      return { reader, stream: streams.at(-1) as ServerResponse };
    };
    const control = new AbortController();
    const left = await open(control.signal);
    const closed = once(left.stream, 'close');
    control.abort();
    await closed;
    const ended = await open();
    ended.stream.end();
    expect(await ended.reader.read()).toEqual({ done: true, value: undefined });
    const cut = await open();
    cut.stream.destroy();
    await expect(cut.reader.read()).rejects.toThrow('terminated');
  });

  it('answers in the contract’s shape when nobody is behind it', async () => {
    const gateway = await gatewayTo(await nobody());
    const answer = await fetch(`${gateway.url}/sites`, { method: 'POST', body: '{}', headers: { 'request-id': 'mine' } });
    expect([answer.status, answer.headers.get('request-id'), answer.headers.get('retry-after')]).toEqual([503, 'mine', '2']);
    expect(await answer.json()).toEqual({
      type: 'api_error',
      code: 'dependency_unavailable',
      message: expect.any(String),
      doc_url: expect.stringMatching(/#dependency_unavailable$/),
    });
  });

  it('says that nobody is there yet while the services start', async () => {
    const gateway = await startGateway(0, { commandApi: () => null, queryApi: () => null });
    opened.push(gateway);
    for (const path of ['/scripts/scheduled', '/authorize/token']) expect((await fetch(`${gateway.url}${path}`)).status).toBe(503);
  });

  it('asks once, although the answer is 503', async () => {
    let asked = 0;
    const gateway = await gatewayTo(
      await serve((_one, answer) => {
        asked += 1;
        answer.writeHead(503, { 'retry-after': '1' }).end('{}');
      }),
    );
    expect((await fetch(`${gateway.url}/scripts/scheduled`)).status).toBe(503);
    expect(asked).toBe(1);
  });

  it('does not pass half an answer off as a whole one', async () => {
    const gateway = await gatewayTo(await serve((_one, answer) => void answer.write('half', () => answer.destroy())));
    const answer = await fetch(gateway.url);
    await expect(answer.text()).rejects.toThrow('terminated');
  });
});
