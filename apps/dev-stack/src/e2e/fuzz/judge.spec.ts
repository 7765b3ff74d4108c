import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Answer } from './answer-reader.js';
import { judge, type Asked } from './judge.js';
import type { RequestDraft } from './request-draft.js';

const draft: RequestDraft = {
  service: 'commandApi',
  route: '/sites/:id',
  method: 'DELETE',
  target: '/sites/site_1AbCdEfGhIjKlMnOp',
  version: 'HTTP/1.1',
  lines: [],
  body: '',
  framing: 'said',
  isBroken: false,
};

const asked = (over: Partial<RequestDraft> = {}, via: Asked['via'] = 'gateway'): Asked => {
  const whole = { ...draft, ...over };
  return { via, request: { draft: whole, target: whole.target }, requestId: 'fuzz-0' };
};

interface Told {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string | Buffer;
}

const answer = ({ status, headers = {}, body = '' }: Told): Answer => {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const all = { 'request-id': 'fuzz-0', ...(bytes.length === 0 ? {} : { 'content-type': 'application/json; charset=utf-8' }), ...headers };
  return { status, headers: Object.entries(all), body: bytes, endless: false };
};

const problem = (over: object = {}, code = 'site_not_found') => ({
  type: 'not_found_error',
  code,
  message: 'What is wrong.',
  doc_url: `https://docs.example/errors#${code}`,
  ...over,
});
const routeNotFound = problem({}, 'route_not_found');
const methodNotAllowed = problem({}, 'method_not_allowed');
const unavailable = problem({ type: 'api_error' }, 'dependency_unavailable');

describe('the judge of a fuzzed answer', () => {
  it.each<[string, Told, Asked]>([
    ['what the document promises', { status: 204 }, asked()],
    ['a problem of the operation', { status: 404, body: problem() }, asked()],
    ['a problem where nothing is served', { status: 404, body: routeNotFound }, asked({ target: '/nowhere' })],
    ['an operation of the other service', { status: 404, body: routeNotFound }, asked({}, 'queryApi')],
    ['a blank where an id should be', { status: 404, body: routeNotFound }, asked({ target: '/sites/ ' })],
    ['a path that is spelt oddly and leads nowhere', { status: 404, body: routeNotFound }, asked({ target: '/%73ites/x' })],
    [
      'a HEAD, which is not described',
      { status: 404, headers: { 'content-type': 'application/json; charset=utf-8' } },
      asked({ method: 'HEAD' }),
    ],
    [
      'a document that comes packed',
      {
        status: 200,
        headers: { 'content-encoding': 'gzip', 'cache-control': 'no-cache', ETag: 'W/"LuFuTG_fMbvFe8-0QmtxAF"', Vary: 'Accept-Encoding' },
        body: gzipSync(JSON.stringify({ openapi: '3.1.0' })),
      },
      asked({ method: 'GET', target: '/openapi.json' }),
    ],
  ])('has nothing to say of %s', (_, told, of) => {
    expect(() => judge(answer(told), of, ['secret'])).not.toThrow();
  });

  it.each<[string, Told, Asked, RegExp]>([
    ['a status that is not described', { status: 200, body: {} }, asked(), /removeSite 200: not among its answers/],
    ['a status at a path that is spelt oddly', { status: 202 }, asked({ target: '/%73ites/site_1AbCdEfGhIjKlMnOp?a#b' }), /removeSite 202/],
    ['a body where there is none', { status: 204, body: {} }, asked(), /removeSite 204: has a body/],
    ['a body off its schema', { status: 200, body: [{ id: 1 }] }, asked({ method: 'GET', target: '/sites' }), /data\/0 must have required/],
    ['a header that is not described', { status: 204, headers: { location: '/' } }, asked(), /has a header Location/],
    ['a code of another operation', { status: 404, body: routeNotFound }, asked(), /removeSite 404: data\/code must be equal/],
    [
      'a status of another code',
      { status: 409, body: problem({ type: 'conflict_error' }) },
      asked({ target: '/x' }),
      /does not belong to a 409/,
    ],
    [
      'a type of another status',
      { status: 404, body: problem({ type: 'api_error' }) },
      asked({ target: '/x' }),
      /the type of site_not_found/,
    ],
    ['a page about something else', { status: 404, body: problem({ doc_url: 'https://docs.example/errors#x' }) }, asked(), /doc_url/],
    ['a problem with more to it', { status: 404, body: problem({ stack: 'x' }) }, asked({ target: '/x' }), /additional properties/],
    ['a long problem', { status: 404, body: problem({ message: 'x'.repeat(1_001) }) }, asked(), /as long as what was sent/],
    ['a secret', { status: 404, body: problem({ message: 'a secret' }) }, asked(), /there is a secret in it/],
    ['our insides', { status: 404, body: problem({ message: 'connect ECONNREFUSED' }) }, asked(), /our insides/],
    ['a redirection', { status: 302, headers: { location: '/' } }, asked({ target: '/x' }), /a 302/],
    ['an answer to another request', { status: 204, headers: { 'request-id': 'fuzz-1' } }, asked(), /to another request: fuzz-1/],
    [
      'a method that is refused without the others',
      { status: 405, body: methodNotAllowed },
      asked({ method: 'LOCK' }),
      /a 405 without allow/,
    ],
    ['an outage that nobody has asked for', { status: 503, body: unavailable, headers: { 'retry-after': '1' } }, asked(), /a 503/],
  ])('objects to %s', (_, told, of, complaint) => {
    expect(() => judge(answer(told), of, ['secret'])).toThrow(complaint);
  });
});
