import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startGateway, type Gateway } from './gateway.js';

const nobody = (): string => 'http://127.0.0.1:9';

describe('the gateway by itself', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway(0, { commandApi: nobody, queryApi: nobody });
  });
  afterAll(() => gateway.stop());

  it.each([
    ['no request at all', 'hello\r\n\r\n', 400, 'malformed_request'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400, 'malformed_request'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'malformed_request',
    ],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed_request'],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n', 400, 'malformed_request'],
    ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'malformed_request'],
    ['an expectation', 'GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\nConnection: close\r\n\r\n', 417, 'malformed_request'],
    ['a header with a line break', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n', 400, 'malformed_request'],
    ['headers of 20 kB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
  ])('refuses %s in the contract’s shape', async (_what, bytes, status, code) => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').setEncoding('latin1');
    socket.write(bytes, 'latin1');
    const received = await text(socket);
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(received).toMatch(/^Request-Id: \S+$/im);
    expect(JSON.parse(received.split('\r\n\r\n')[1] ?? '')).toMatchObject({ type: 'invalid_request_error', code });
  });
});
