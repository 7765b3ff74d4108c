import { describe, expect, it } from '@jest/globals';
import { openApiDocument } from '@scheduled-scripts/contracts/openapi';
import { DocumentJudge, type ObservedAnswer } from './document-judge.js';

const document = openApiDocument('gateway');
const judge = new DocumentJudge(document);

const usual = { 'Content-Type': 'application/json; charset=utf-8', 'Request-Id': 'r', 'Cache-Control': 'private, no-cache' };
const progress = { completed: [], failed: [], pending: [] };
const answer = (over: Partial<Omit<ObservedAnswer, 'headers'>> & { readonly headers?: Record<string, string> } = {}): ObservedAnswer => ({
  method: 'GET',
  path: '/scripts/scheduled/018f5bda-4690-7432-8472-358b2734f19b/progress',
  status: 200,
  body: JSON.stringify(progress),
  ...over,
  headers: new Headers({ ...usual, ...over.headers }),
});

describe('the judge of answers', () => {
  it('has nothing to say of what is promised', () => {
    expect(judge.complaints(answer())).toEqual([]);
    expect(judge.seen).toContain('getProgress 200');
  });

  it.each([
    ['a status', { status: 201 }, /^getProgress 201: not among its answers/],
    ['a field of another form', { body: JSON.stringify({ ...progress, failed: ['x'] }) }, /failed\/0 must match pattern/],
    ['a field that is missing', { body: '{"completed":[],"failed":[]}' }, /must have required property 'pending'/],
    ['a field that nobody has described', { body: JSON.stringify({ ...progress, running: [] }) }, /must NOT have additional properties/],
    ['half a body', { body: '{"completed":[' }, /is no JSON/],
    ['another media type', { headers: { 'Content-Type': 'text/html' } }, /is of the media type text\/html/],
    ['a header that nobody has described', { headers: { Location: '/' } }, /has a header Location/],
    [
      'a header of another form',
      { path: '/docs', status: 304, body: '', headers: { ETag: '"1-x"' } },
      /has a header of another form: ETag/,
    ],
    [
      'a code that the operation does not have',
      { status: 404, body: problemBody('site_not_found') },
      /must be equal to one of the allowed values/,
    ],
    ['a body where there is none', { method: 'DELETE', path: '/sites/site_1AbCdEfGhIjKlMnOp', status: 204 }, /has a body/],
    ['a header that is missing', { path: '/sites/site_1AbCdEfGhIjKlMnOp', status: 304, body: '' }, /lacks the header ETag/],
  ])('objects to %s', (_what, over, complaint) => {
    expect(judge.complaints(answer(over)).join('\n')).toMatch(complaint);
  });
});

function problemBody(code: string): string {
  return JSON.stringify({ type: 'not_found_error', code, message: 'm', doc_url: 'https://docs.example/errors' });
}
