import * as fc from 'fast-check';
import { oddBytes, oddText } from './text.arbitraries.js';
import { symbol, type WireText } from './wire-text.js';

/** A line of a head as it is sent, without its end. */
export type HeaderLine = WireText;

export const bearer = (name: string): HeaderLine => `Authorization: Bearer ${symbol(`token.${name}`)}`;

export const credentials: fc.Arbitrary<readonly HeaderLine[]> = fc.oneof(
  { weight: 12, arbitrary: fc.constant([bearer('author')]) },
  { weight: 8, arbitrary: fc.constant([bearer('approver')]) },
  { weight: 2, arbitrary: fc.constant([bearer('viewer')]) },
  { weight: 2, arbitrary: fc.constant([bearer('otherOrganization')]) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<readonly HeaderLine[]>(
      [],
      ['Authorization:'],
      ['Authorization: Bearer'],
      ['Authorization: Bearer a.b.c'],
      ['Authorization: Basic YTpi'],
      [`Authorization: Bearer ${symbol('token.author')}x`],
      [`Authorization: Bearer ${symbol('token.author')} ${symbol('token.author')}`],
      [`Authorization: Bearer ${'a'.repeat(9_000)}`],
      [bearer('viewer'), bearer('author')],
      [`authorization: bearer ${symbol('token.author')}`],
      [`AUTHORIZATION:\tBEARER   ${symbol('token.author')}  `],
      ['Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.'],
    ),
  },
);

export const validTypes: fc.Arbitrary<HeaderLine> = fc.constantFrom(
  'Content-Type: application/json',
  'content-type: application/json; charset=utf-8',
  'CONTENT-TYPE:application/json;charset="UTF-8"',
);

const oddTypes = fc.constantFrom(
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'application/json; charset=latin1',
  'application/json; charset=utf-16',
  'application/json;',
  'application/json, text/plain',
  'application/*',
  '',
  '/',
  ';',
  'application/json; charset',
  'a'.repeat(3_000),
  `application/${'('.repeat(500)}`,
);

/** Of a known name, with values that nobody should send. Where the request ends stays clear. */
export const oddHeader: fc.Arbitrary<HeaderLine> = fc.oneof(
  oddTypes.map((type) => `Content-Type: ${type}`),
  fc.constantFrom('gzip', 'br', 'identity', 'gzip, gzip', '').map((coding) => `Content-Encoding: ${coding}`),
  fc
    .constantFrom(
      '*',
      '"1-x"',
      '"2-abcdefghijklmnopqrstuv"',
      'W/"1-x"',
      '"1-x", "2-y"',
      '"',
      '""',
      '1',
      '"999999999999-x"',
      '"-1-x"',
      '"é"',
      '',
      '"1-x"x',
    )
    .map((tag) => `If-Match: ${tag}`),
  fc
    .constantFrom('*', '"x"', '""', '"', 'W/', '"a","b"', '"'.repeat(4_001), `${'"a",'.repeat(2_000)}"b"`)
    .map((tag) => `If-None-Match: ${tag}`),
  fc
    .constantFrom('a', 'b', 'c', 'key-1', '', 'a b', 'é', 'a'.repeat(255), 'a'.repeat(256), '\t', '"quoted"', '../..', 'a,b')
    .map((key) => `Idempotency-Key: ${key}`),
  fc
    .constantFrom('1', '2', '0', '-1', '1.0', '1e3', '01', '999999999', '9999999999', 'NaN', '', ' 1', '1, 1', '+1')
    .map((version) => `Min-Version: ${version}`),
  fc.constantFrom('0', '-1', 'a', '', '9'.repeat(30), '1-2', '{}', '%00', 'a'.repeat(5_000)).map((id) => `Last-Event-ID: ${id}`),
  fc.constantFrom('a', 'a b', '', 'a'.repeat(128), 'a'.repeat(129), '<x>', 'é', 'a, b').map((id) => `Request-Id: ${id}`),
  fc
    .constantFrom(
      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'ff-0-0-0',
      '00-00000000000000000000000000000000-0000000000000000-00',
      '',
    )
    .map((trace) => `traceparent: ${trace}`),
  fc
    .constantFrom('text/html', 'application/xml', '*/*;q=0', ';', '', 'text/event-stream', 'a/b,'.repeat(1_000))
    .map((type) => `Accept: ${type}`),
  fc.constantFrom(
    'Host: evil.example',
    'X-Forwarded-For: 127.0.0.1',
    'X-Forwarded-Host: evil.example',
    'X-Original-URL: /sites',
    'X-HTTP-Method-Override: DELETE',
    'Forwarded: for=127.0.0.1',
    'Origin: https://evil.example',
    'Cookie: a=b; __proto__=c',
    'Range: bytes=0-0,1-1',
    'TE: trailers',
    'Trailer: Authorization',
    'Proxy-Connection: keep-alive',
    'Keep-Alive: timeout=0',
    'Accept-Encoding: gzip, br',
    'Content-Disposition: x',
    'Via: 1.1 x',
    'Max-Forwards: 0',
    'If-Modified-Since: x',
    'If-Unmodified-Since: x',
    '__proto__: x',
    'constructor: x',
    'Access-Control-Request-Method: PUT',
    'Content-Range: bytes 0-0/1',
  ),
  oddText.map((text) => `X-Odd: ${text.replaceAll(/[\r\n\0]|[^\t\x20-\x7e\x80-\xff]/g, '?')}`),
  fc.constantFrom(8_000, 15_000, 16_384, 20_000).map((length) => `X-Long: ${'x'.repeat(length)}`),
  fc.constantFrom(500, 1_990, 2_500).map((count) => Array.from({ length: count }, () => 'a:').join('\r\n')),
);

/** Lines after which where the request ends, or whether it is one, is for the server to decide. */
export const framingAbuse: fc.Arbitrary<HeaderLine> = fc.oneof(
  fc
    .constantFrom('0', '5', '-1', '+5', '0x5', '5, 5', '5,6', '', ' ', '5 5', '1e3', '99999999999999999999999', '９', '05', '4294967296')
    .map((length) => `Content-Length: ${length}`),
  fc.constantFrom(
    'Content-Length : 5',
    'Content-Length\t: 5',
    ' Content-Length: 5',
    'Content_Length: 5',
    'Content-Length:\x0b5',
    'Content-Length: 5\x00',
  ),
  fc
    .constantFrom(
      'chunked',
      'Chunked',
      'CHUNKED',
      'xchunked',
      'chunked ',
      'identity',
      'chunked, identity',
      'identity, chunked',
      'gzip, chunked',
      'chunked, chunked',
      'gzip',
      '',
      ' chunked',
      '\x0bchunked',
      '"chunked"',
      'chunked;q=1',
      'chunked\x00',
      'cow',
    )
    .map((coding) => `Transfer-Encoding: ${coding}`),
  fc.constantFrom(
    'Transfer-Encoding : chunked',
    'Transfer-Encoding\t: chunked',
    ' Transfer-Encoding: chunked',
    'Transfer-Encoding:\r\n chunked',
    'Transfer\u2010Encoding: chunked',
    'X: y\nTransfer-Encoding: chunked',
    'X: y\rTransfer-Encoding: chunked',
    '\0Transfer-Encoding: chunked',
  ),
  fc.constantFrom('Expect: 100-continue', 'Expect: 100-Continue', 'Expect: 200-ok', 'Expect:', 'Expect: 100-continue, 100-continue'),
  fc.constantFrom(
    'Connection: upgrade\r\nUpgrade: websocket',
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__',
    'Upgrade: x',
    'Connection: content-length',
    'Connection: host, authorization',
    'Connection: transfer-encoding',
    'Connection: ,,',
    'Connection: close\r\nConnection: keep-alive',
  ),
  fc.constantFrom(
    ' folded',
    '\tfolded',
    'X: a\r\n b',
    ': nameless',
    'nameless',
    'X\0: a',
    'X: a\0b',
    'X: a\rb',
    'X: a\nX-Injected: yes',
    'X@: a',
    'X Y: a',
    'é: a',
    'X: \x7f',
    '\r\nGET /livez HTTP/1.1',
  ),
  oddBytes.map((bytes) => `X: ${bytes}`),
  oddBytes,
);
