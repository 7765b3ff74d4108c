import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { request, type IncomingMessage, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { exchange, gatewayBench } from '../testing/gateway-bench.js';

const { serve, gatewayTo, stopAll } = gatewayBench();
afterEach(stopAll);

/** As services do: answers and closes the connection, with the rest still on its way. */
const refusingLongBodies: RequestListener = (asked, answer) => {
  let length = Number(asked.headers['content-length'] ?? 0);
  const judge = (): void => {
    if (length > 1_048_576 && !answer.headersSent) answer.writeHead(413, { connection: 'close' }).end('{"code":"payload_too_large"}');
  };
  judge();
  if (length > 0) return;
  asked.on('data', (chunk: Buffer) => {
    length += chunk.length;
    judge();
  });
};

describe('the gateway and a body', () => {
  it.each([
    ['that says how long it is', { 'content-length': String(64 * 65_536) }],
    ['that does not say how long it is', {}],
  ])('passes on the refusal of a body %s while it is being sent', async (_what, headers) => {
    const gateway = await gatewayTo(await serve(refusingLongBodies));
    const sent = request(`${gateway.url}/sites`, { method: 'POST', headers });
    const answered = once(sent, 'response');
    for (let part = 0; part < 64; part += 1) sent.write('x'.repeat(65_536));
    const whole = once(sent.end(), 'finish');
    const [answer] = (await answered) as [IncomingMessage];
    expect([answer.statusCode, await text(answer)]).toEqual([413, '{"code":"payload_too_large"}']);
    await whole;
  });

  const head = 'POST /sites HTTP/1.1\r\nHost: a\r\n';

  it.each([
    ['keeps the connection after the refusal of a body that it reads', 8 * 1_048_576, 'keep-alive'],
    ['says that it closes the connection after the refusal of a longer one, and does', 8 * 1_048_576 + 1, 'close'],
  ])('%s', async (_what, length, connection) => {
    const { url } = await gatewayTo(await serve(refusingLongBodies));
    const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('latin1');
    socket.write(`${head}Content-Length: ${length}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [string];
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(/^connection: (.*)$/im.exec(answer)?.[1]).toBe(connection);
    const ended = once(socket.resume(), 'close');
    if (connection !== 'close') socket.end();
    await ended;
  });

  it('does not read on without an end', async () => {
    const { url } = await gatewayTo(await serve(refusingLongBodies));
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const closed = new Promise<void>((resolve) =>
      socket
        .on('error', () => undefined)
        .resume()
        .once('close', () => resolve()),
    );
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    let sent = 0;
    while (!socket.destroyed && sent < 64 * 1_048_576) {
      sent += chunk.length;
      if (!socket.write(chunk)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    }
    await closed;
    expect(sent).toBeLessThan(64 * 1_048_576);
  });

  it.each([
    ['announced', 'Content-Length: 2', '{}'],
    ['in chunks', 'Transfer-Encoding: chunked', '2\r\n{}\r\n0\r\n\r\n'],
  ])('passes on what a service says to the head alone, before the body comes that is %s', async (_what, framing, body) => {
    const { url } = await gatewayTo(await serve((asked, answer) => answer.writeHead(asked.headers.authorization ? 200 : 401).end()));
    const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('latin1');
    socket.write(`${head}${framing}\r\n\r\n`);
    expect(await once(socket, 'data')).toEqual([expect.stringMatching(/^HTTP\/1\.1 401 [^]*keep-alive/i)]);
    // The connection is good for the next request.
    socket.write(`${body}${head}Authorization: b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('says nothing of a body where there is none', async () => {
    const gateway = await gatewayTo(await serve((asked, answer) => answer.end(`${asked.method} ${asked.headers['transfer-encoding']}`)));
    for (const method of ['GET', 'POST', 'DELETE']) {
      const received = await exchange(gateway, `${method} /sites HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      expect(received.split('\r\n\r\n')[1]).toBe(`${method} undefined`);
    }
  });
});
