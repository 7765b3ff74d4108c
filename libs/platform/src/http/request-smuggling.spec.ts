import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '../service.js';
import { definitionOf, startTest } from '../testing/fixture.js';
import { ThingsModule } from '../testing/things.module.js';
import { answersIn, exchange } from '../testing/wire.js';

const post = (headers: string, rest: string): string =>
  `POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${rest}`;
const hidden = 'GET /things HTTP/1.1\r\nHost: x\r\nRequest-Id: smuggled\r\nConnection: close\r\n\r\n';
const none = `0\r\n\r\n${hidden}`;

describe('two who read one connection', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startTest(definitionOf(ThingsModule), { REQUEST_TIMEOUT_MILLIS: '900' });
  });

  afterAll(() => service.stop());

  it.each([
    ['a length and chunks', post('Content-Length: 6\r\nTransfer-Encoding: chunked', none)],
    ['chunks and a length', post('Transfer-Encoding: chunked\r\nContent-Length: 6', none)],
    ['two lengths', post(`Content-Length: 0\r\nContent-Length: ${hidden.length}`, hidden)],
    ['the same length twice', post('Content-Length: 2\r\nContent-Length: 2', `{}${hidden}`)],
    ['a list of lengths', post('Content-Length: 2, 2', `{}${hidden}`)],
    ['a length with a sign', post('Content-Length: +2', `{}${hidden}`)],
    ['a length in hexadecimal', post('Content-Length: 0x2', `{}${hidden}`)],
    ['a length of nothing', post('Content-Length:', hidden)],
    ['a length before a space', post('Content-Length : 2', `{}${hidden}`)],
    ['a length behind a bare LF', post('X: y\nContent-Length: 2', `{}${hidden}`)],
    ['chunks in another coding', post('Transfer-Encoding: gzip, chunked', none)],
    ['chunks in no coding', post('Transfer-Encoding: chunked, identity', none)],
    ['chunks twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', none)],
    ['chunks and another coding', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: cow', none)],
    ['nearly chunks', post('Transfer-Encoding: xchunked', none)],
    ['chunks in quotes', post('Transfer-Encoding: "chunked"', none)],
    ['no coding at all', post('Transfer-Encoding:', hidden)],
    ['identity', post('Transfer-Encoding: identity', hidden)],
    ['chunks before a space', post('Transfer-Encoding : chunked', none)],
    ['chunks after a vertical tab', post('Transfer-Encoding:\u000bchunked', none)],
    ['chunks on a folded line', post('Transfer-Encoding:\r\n chunked', none)],
    ['chunks behind a bare LF', post('X: y\nTransfer-Encoding: chunked', none)],
    ['chunks behind a bare CR', post('X: y\rTransfer-Encoding: chunked', none)],
    ['chunks from an old client', post('Transfer-Encoding: chunked', none).replace('HTTP/1.1', 'HTTP/1.0')],
    ['a head that ends with a bare LF', post('X: y\n\n', '').replace('\n\n\r\n\r\n', `\n\n${hidden}`)],
    ['a chunk that ends with a bare LF', post('Transfer-Encoding: chunked', `2\n{}\r\n${none}`)],
    ['a chunk whose extension ends with a bare LF', post('Transfer-Encoding: chunked', `2;a\n{}\r\n${none}`)],
    ['a chunk that is longer than it says', post('Transfer-Encoding: chunked', `2\r\n{}xx${none}`)],
    ['a chunk with a size too large for 64 bits', post('Transfer-Encoding: chunked', `10000000000000002\r\n{}\r\n${none}`)],
    ['a chunk with a sign', post('Transfer-Encoding: chunked', `-2\r\n{}\r\n${none}`)],
    ['a length behind the last chunk', post('Transfer-Encoding: chunked', `0\r\nContent-Length: 9\r\n\r\n${hidden}`)],
    ['a host twice', `GET /things HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n${hidden}`],
    ['a name with a NUL', `GET /things HTTP/1.1\r\nHost: x\r\nX\0: y\r\n\r\n${hidden}`],
  ])('may not read it differently: %s', async (_what, bytes) => {
    const received = await exchange(service, bytes);
    const answers = answersIn(received);
    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual([[400, 'malformed_request']]);
    expect(answers[0]?.headers).toContain('connection: close');
    expect(received).not.toContain('smuggled');
  });

  it.each([
    ['a request in chunks with an extension', post('Transfer-Encoding: chunked', `2;a="b"\r\n{}\r\n${none}`), 422],
    ['a request with a trailer', post('Transfer-Encoding: Chunked', `2\r\n{}\r\n0\r\nX: y\r\n\r\n${hidden}`), 422],
    ['a request with a length', post('Content-Length: 2', `{}${hidden}`), 422],
    [
      'a GET with a length',
      `GET /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}${hidden}`,
      200,
    ],
  ])('read alike %s, and the one behind it', async (_what, bytes, status) => {
    expect(answersIn(await exchange(service, bytes)).map((answer) => answer.status)).toEqual([status, 200]);
  });
});
