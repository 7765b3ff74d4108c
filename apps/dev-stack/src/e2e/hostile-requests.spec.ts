import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openApiDocument } from '@scheduled-scripts/contracts/openapi';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { clientsOf } from '../job/clients.js';
import { StackProcess } from '../chaos/stack-process.js';
import type { Connection } from '../stack/connection.js';
import { DocumentJudge, judgedFetch } from '../testing/document-judge.js';
import { newDataFolder } from './data-folder.js';

jest.setTimeout(120_000);

const dataFolder = newDataFolder();
let stack: StackProcess;
let connection: Connection;
let database: Database;
let ours: { readonly script: string; readonly execution: string; readonly site: string };

/** Where an answer was not as the document says. */
const complaints: string[] = [];
const fetchJudged = judgedFetch(new DocumentJudge(openApiDocument('gateway')), complaints);

/** Everything that a request could leave behind. */
const rowCounts = async (): Promise<unknown> => {
  const tables = ['event_store.event', 'site_directory.sites', 'site_directory.site_uses', 'command_api.idempotency_keys'];
  return (await database.query(`SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table}) AS "${table}"`).join(', ')}`))[0];
};

beforeAll(async () => {
  stack = new StackProcess(dataFolder.path);
  connection = await stack.untilAnnounced();
  await stack.untilDone();
  database = await openDatabase({ url: connection.postgresUrl, schema: 'public', applicationName: 'judge' });
  const { viewer } = clientsOf(connection);
  const [script] = (await viewer.listScheduledScripts()).data;
  const { data: executions } = await viewer.listExecutions({ id: script?.id ?? '' });
  ours = { script: script?.id ?? '', execution: executions[0]?.id ?? '', site: script?.sites[0] ?? '' };
});
afterAll(async () => {
  await database.close();
  await stack.kill('SIGTERM');
  await dataFolder.remove();
});

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const valid = () => ({ description: 'd', script: ':put 1', launch_at: '2090-01-01T00:00:00Z', sites: [ours.site] });
const json = (change: Record<string, unknown>) => () => ({ body: JSON.stringify({ ...valid(), ...change }) });

const hostile: readonly (readonly [what: string, sent: () => Sent, status: number, code: string])[] = [
  ['no token', () => ({ headers: { authorization: '' } }), 401, 'token_missing'],
  ['a token that is none', () => ({ headers: { authorization: 'Bearer x.y.z' } }), 401, 'token_invalid'],
  ['half a token', () => ({ headers: { authorization: `Bearer ${connection.tokens.author.slice(0, -10)}` } }), 401, 'token_invalid'],
  ['no JSON', () => ({ body: '{"description":' }), 400, 'malformed_json'],
  ['JSON with a name twice', () => ({ body: '{"script":"a","script":"b"}' }), 400, 'malformed_json'],
  ['JSON nested 10 000 deep', () => ({ body: '['.repeat(10_000) + ']'.repeat(10_000) }), 400, 'malformed_json'],
  ['a prototype', () => ({ body: '{"__proto__":{"admin":true}}' }), 400, 'malformed_json'],
  ['a form', () => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' }), 415, 'unsupported_media_type'],
  ['2 MiB', json({ script: 'x'.repeat(2 * 1_024 * 1_024) }), 413, 'payload_too_large'],
  ['an array', () => ({ body: '[]' }), 422, 'parameter_invalid'],
  ['a field that is unknown', json({ status: 'scheduled' }), 400, 'parameter_unknown'],
  ['a script of 60 001 bytes', json({ script: 'x'.repeat(60_001) }), 422, 'parameter_invalid'],
  ['a NUL', json({ script: ':put "a\0b"' }), 422, 'parameter_invalid'],
  ['half a surrogate pair', json({ description: 'a\ud800b' }), 422, 'parameter_invalid'],
  ['a day that is none', json({ launch_at: '2090-02-30T00:00:00Z' }), 422, 'parameter_invalid'],
  ['a time that has passed', json({ launch_at: '2020-01-01T00:00:00Z' }), 422, 'launch_at_in_past'],
  ['a site that is none', json({ sites: ["site_'; DROP TABLE sites;--"] }), 422, 'parameter_invalid'],
  [
    '10 001 sites',
    json({ sites: Array.from({ length: 10_001 }, (_, n) => `site_${String(n).padStart(20, '0')}`) }),
    422,
    'parameter_invalid',
  ],
  ['a site of nobody', json({ sites: ['site_00000000000000000000'] }), 422, 'unknown_site'],
  ['a key of idempotency that is none', () => ({ headers: { 'idempotency-key': 'a b' }, ...json({})() }), 400, 'parameter_invalid'],
  ['a path that leads out', () => ({ method: 'GET', path: '/scripts/scheduled/..%2f..%2fsites' }), 404, 'script_not_found'],
  ['an id that is none', () => ({ method: 'DELETE', path: "/scripts/scheduled/1'%20OR%20'1'='1" }), 404, 'script_not_found'],
  ['a path that is none', () => ({ method: 'GET', path: '/scripts/scheduled/%ff%zz' }), 400, 'malformed_request'],
  ['a method that is not served', () => ({ method: 'PATCH', path: `/scripts/scheduled/${ours.script}` }), 405, 'method_not_allowed'],
  ['an unknown parameter', () => ({ method: 'GET', path: '/scripts/scheduled?limit=1&admin=1' }), 400, 'parameter_unknown'],
  ['a limit that is none', () => ({ method: 'GET', path: '/scripts/scheduled?limit=1e9' }), 422, 'parameter_invalid'],
  [
    'a metadata address',
    () => ({ path: '/sites', body: JSON.stringify({ ...site(), host: '169.254.169.254' }) }),
    422,
    'parameter_invalid',
  ],
];

const site = () => ({ name: 'n', host: '192.0.2.1', port: 8728, tls: 'none', username: 'u', password: 'p' });

const send = async ({ method = 'POST', path = '/scripts/scheduled', headers = {}, body }: Sent): Promise<Response> =>
  fetchJudged(`${connection.baseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${connection.tokens.author}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  });

describe('a hostile request', () => {
  it.each(hostile)('with %s gets the contract’s error, and changes nothing', async (_what, sent, status, code) => {
    const before = await rowCounts();
    const answer = await send(sent());
    const problem = (await answer.json()) as Record<string, unknown>;
    expect({ status: answer.status, code: problem['code'] }).toEqual({ status, code });
    expect(problem).toMatchObject({ type: expect.any(String), message: expect.any(String), doc_url: expect.stringContaining(`#${code}`) });
    expect(Object.keys(problem).filter((field) => !['type', 'code', 'message', 'doc_url', 'param', 'errors'].includes(field))).toEqual([]);
    expect(answer.headers.get('request-id')).toEqual(expect.any(String));
    expect(JSON.stringify(problem)).not.toMatch(/\\n +at |node_modules|SELECT|INSERT|127\.0\.0\.1|eyJ/);
    expect(await rowCounts()).toEqual(before);
  });
});

const routes: readonly (readonly [method: string, path: (ids: typeof ours) => string, body: 'script' | 'site' | null])[] = [
  ['GET', ({ script }) => `/scripts/scheduled/${script}`, null],
  ['GET', ({ script }) => `/scripts/scheduled/${script}/progress`, null],
  ['GET', ({ script }) => `/scripts/scheduled/${script}/executions`, null],
  ['GET', ({ script, execution }) => `/scripts/scheduled/${script}/executions/${execution}/backup`, null],
  ['GET', ({ script }) => `/scripts/scheduled/${script}/history`, null],
  ['GET', ({ script }) => `/scripts/scheduled/${script}/events`, null],
  ['PUT', ({ script }) => `/scripts/scheduled/${script}`, 'script'],
  ['DELETE', ({ script }) => `/scripts/scheduled/${script}`, null],
  ['GET', ({ script }) => `/scripts/scheduled/${script}/authorize`, null],
  ['POST', ({ script }) => `/scripts/scheduled/${script}/authorize`, null],
  ['POST', ({ script }) => `/scripts/scheduled/${script}/test`, null],
  ['POST', ({ script }) => `/scripts/scheduled/${script}/launch`, null],
  ['POST', ({ script }) => `/scripts/scheduled/${script}/abort`, null],
  ['GET', ({ site: id }) => `/sites/${id}`, null],
  ['PATCH', ({ site: id }) => `/sites/${id}`, 'site'],
  ['DELETE', ({ site: id }) => `/sites/${id}`, null],
];

const nobodys = {
  script: '018f5bda-4690-7432-8472-358b2734f19b',
  execution: '018f5bda-4690-7432-8472-358b2734f19c',
  site: 'site_00000000000000000000',
};

const askAsStranger = async (method: string, path: string, kind: 'script' | 'site' | null) => {
  const body = kind === 'script' ? JSON.stringify(valid()) : kind === 'site' ? JSON.stringify({ name: 'Taken' }) : undefined;
  const headers = { authorization: `Bearer ${connection.tokens.otherOrganization}` };
  const answer = await send({ method, path, headers, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, body: await answer.text() };
};

describe('another organization', () => {
  it.each(routes)('%s %s finds what is ours no more than what is not there', async (method, path, kind) => {
    const before = await rowCounts();
    const answer = await askAsStranger(method, path(ours), kind);
    expect(answer.status).toBe(404);
    expect(answer).toEqual(await askAsStranger(method, path(nobodys), kind));
    expect(await rowCounts()).toEqual(before);
  });

  it.each(['/scripts/scheduled', '/sites'])('has nothing of ours in GET %s', async (path) => {
    expect(await askAsStranger('GET', path, null)).toEqual({ status: 200, body: '[]' });
  });

  it('cannot aim a script at our sites', async () => {
    expect(await askAsStranger('POST', '/scripts/scheduled', 'script')).toMatchObject({
      status: 422,
      body: expect.stringContaining('unknown_site'),
    });
  });
});

it('gets no answer that the document does not promise', () => {
  expect(complaints).toEqual([]);
});
