import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '../service.js';
import { definitionOf, startTest } from '../testing/fixture.js';
import { ThingsModule } from '../testing/things.module.js';
import { openSocket } from '../testing/wire.js';

const last = 'Host: x\r\nConnection: close\r\n';

describe('a client that is still sending', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startTest(definitionOf(ThingsModule));
  });

  afterAll(() => service.stop());

  it.each([
    ['what is no request', 'nonsense\r\n\r\n', '400 .*malformed_request'],
    ['a body that nobody asked for', `GET /things HTTP/1.1\r\n${last}Content-Length: 1000000\r\n\r\n`, '200 '],
    ['a body of another type', `POST /things HTTP/1.1\r\n${last}Content-Type: a/b\r\nContent-Length: 1000000\r\n\r\n`, '415 .*type'],
    [
      'a body that is too long',
      `POST /things HTTP/1.1\r\n${last}Content-Type: application/json\r\nContent-Length: 99000000\r\n\r\n`,
      '413 .*too_large',
    ],
  ])('%s can read its last answer', async (_what, head, answer) => {
    const socket = openSocket(service).pause();
    socket.on('error', () => undefined);
    // The server, which is in this process, has its turn after each piece. On a connection that it has closed a later one fails.
    for (const piece of [head, ...Array.from({ length: 200 }, () => 'x'.repeat(1_000))]) {
      await new Promise((resolve) => socket.write(piece, resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const received: Buffer[] = [];
    socket
      .on('data', (chunk) => received.push(chunk))
      .resume()
      .end();
    if (!socket.closed) await once(socket, 'close');
    expect(Buffer.concat(received).toString()).toMatch(new RegExp(`^HTTP/1.1 ${answer}`, 's'));
  });

  it('for ever is cut off', async () => {
    const socket = openSocket(service);
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    socket.resume().write(`GET /things HTTP/1.1\r\n${last}Transfer-Encoding: chunked\r\n\r\n`);
    const drip = setInterval(() => socket.writable && socket.write('1\r\nx\r\n'), 20);
    await closed;
    clearInterval(drip);
  });
});
