import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '../service.js';
import { definitionOf, recordingLogger, startTest } from '../testing/fixture.js';
import { ThingsModule } from '../testing/things.module.js';
import { answersIn, exchange, openSocket } from '../testing/wire.js';
import { refuseWhatNobodyServes } from './refusal.js';

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
const post = (framing: string): string => `POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${framing}`;
const last = 'Connection: close\r\n';

describe('what is no request, or nobody’s', () => {
  let service: RunningService;
  const recorded = recordingLogger();

  beforeAll(async () => {
    service = await startTest(
      definitionOf(ThingsModule),
      { HEADERS_TIMEOUT_MILLIS: '300', REQUEST_TIMEOUT_MILLIS: '900' },
      recorded.logger,
    );
  });

  afterAll(() => service.stop());

  const seen = () => recorded.lines().filter(({ requestId }) => requestId === 'half');

  const statuses = async (text: string): Promise<readonly number[]> => answersIn(await exchange(service, text)).map(({ status }) => status);

  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['headers that are too long', get('/things', `X: ${'x'.repeat(17_000)}\r\n`), 431],
    ['half a head', 'GET /things HTTP/1.1\r\nHost:', 408],
    ['a length that is none', get('/things', 'Content-Length: -1\r\n'), 400],
    ['a CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a body that breaks off', post('Transfer-Encoding: chunked\r\n\r\nzz\r\n'), 400],
  ])('does not overtake the answers to the requests before it: %s', async (_what, text, status) => {
    expect(await statuses(get('/things?limit=1') + get('/nothing') + text)).toEqual([200, 404, status]);
  });

  it('does not answer a second time whose body comes no further after its refusal', async () => {
    const head = 'POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n\r\n{';
    expect(await statuses(head)).toEqual([415]);
  });

  it.each([
    ['a CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['an expectation', get('/things', `Expect: the-unexpected\r\n${last}`), 417],
    ['no Host', `GET /things HTTP/1.1\r\n${last}\r\n`, 400],
    ['two Hosts', get('/things', `Host: y\r\n${last}`), 400],
  ])('is answered in the contract’s shape: %s', async (_what, text, status) => {
    const answers = answersIn(await exchange(service, text));
    expect(answers).toMatchObject([{ status, body: { type: 'invalid_request_error', code: 'malformed_request' } }]);
    expect(answers[0]?.headers).toMatch(/\r\nrequest-id: \S+\r\n/);
  });

  it('puts an interim answer before the final one, also of a request whose turn has not come', async () => {
    const held: ServerResponse[] = [];
    const server = createServer((request, response) => {
      if (request.url === '/first') held.push(response);
      else response.end('{"second":true}', () => undefined);
      if (request.url !== '/first') held[0]?.end('{"first":true}');
    }).listen(0, '127.0.0.1');
    refuseWhatNobodyServes(server, '');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const received = await exchange({ url }, get('/first') + get('/second', `Expect: 100-continue\r\n${last}`));
    server.close();
    expect(answersIn(received).map(({ body }) => body)).toEqual([{ first: true }, { second: true }]);
    const awaited = await exchange(service, post(`Expect: 100-continue\r\n${last}Content-Length: 12\r\n\r\n{"name":"a"}`));
    expect(awaited).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 201 /);
  });

  it('takes a client of HTTP/1.0, which knows no Host', async () => {
    expect(await statuses('GET /things HTTP/1.0\r\n\r\n')).toEqual([200]);
  });

  it('takes a client that takes it for a proxy', async () => {
    const asked = [
      'http://evil.example/things?limit=1',
      'HTTPS://u:p@evil.example:1/things',
      'http://evil.example',
      'ftp://evil.example/things',
    ];
    expect(await Promise.all(asked.map((target) => statuses(get(target, last))))).toEqual([[200], [200], [404], [404]]);
    expect(await statuses(get('http://evil.example/things', last).replace('GET', 'PATCH'))).toEqual([405]);
  });

  it('reads every header, however many there are', async () => {
    const answer = await exchange(service, get('/things', `${'a:\r\n'.repeat(3_000)}Request-Id: the-last\r\n${last}`));
    expect(answer).toMatch(/\r\nRequest-Id: the-last\r\n/);
  });

  it('does no harm to its answer by still being on its way', async () => {
    const body = 'x'.repeat(3 * 1_048_576);
    const announced = `${post(`Content-Length: ${body.length}\r\n\r\n`)}${body}`;
    const inChunks = `${post('Transfer-Encoding: chunked\r\n\r\n')}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const ofAnotherType = inChunks.replace('application/json', 'text/plain');
    expect(await statuses(announced + inChunks + ofAnotherType + get('/things', last))).toEqual([413, 413, 415, 200]);
  });

  it('is not read for ever', async () => {
    const socket = openSocket(service);
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write(post('Transfer-Encoding: chunked\r\n\r\n'));
    const more = (): void => void (socket.writable && socket.write(`10000\r\n${'x'.repeat(65_536)}\r\n`, more));
    more();
    await closed;
    expect(socket.bytesWritten).toBeGreaterThan(1_048_576);
  });

  it('is no error of ours when its client is gone in the middle', async () => {
    const socket = openSocket(service);
    await new Promise<void>((resolve) => socket.write(post('Request-Id: half\r\nContent-Length: 20\r\n\r\n{'), () => resolve()));
    socket.resetAndDestroy();
    for (const deadline = Date.now() + 10_000; seen().length === 0 && Date.now() < deadline;) await fetch(`${service.url}/things`);
    expect(seen().map(({ level, status }) => [level, status])).toContainEqual(['debug', 400]);
    expect(seen().filter(({ level }) => level === 'error')).toEqual([]);
  });
});
