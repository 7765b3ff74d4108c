import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openApiDocument } from '@scheduled-scripts/contracts/openapi';
import { describeWithBrowser, startBrowser, type TestBrowser } from '@scheduled-scripts/platform/testing/browser';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { clientsOf } from '../job/clients.js';
import { StackProcess } from '../chaos/stack-process.js';
import type { Connection } from '../stack/connection.js';
import { DocumentJudge, judgedFetch } from '../testing/document-judge.js';
import { newDataFolder } from './data-folder.js';
import { databaseDigest, settledDigest, type DatabaseDigest } from './database-digest.js';

jest.setTimeout(120_000);

const dataFolder = newDataFolder();
let stack: StackProcess;
let connection: Connection;
let database: Database;
let before: DatabaseDigest;
let ours: { readonly script: string; readonly execution: string; readonly site: string };

/** Where an answer was not as the document says. */
const complaints: string[] = [];
const fetchJudged = judgedFetch(new DocumentJudge(openApiDocument('gateway')), complaints);

beforeAll(async () => {
  stack = new StackProcess(dataFolder.path);
  connection = await stack.untilAnnounced();
  await stack.untilDone();
  database = await openDatabase({ url: connection.postgresUrl, schema: 'public', applicationName: 'judge' });
  const { viewer } = clientsOf(connection);
  const [script] = (await viewer.listScheduledScripts()).data;
  const { data: executions } = await viewer.listExecutions({ id: script?.id ?? '' });
  ours = { script: script?.id ?? '', execution: executions[0]?.id ?? '', site: script?.sites[0] ?? '' };
  before = await settledDigest(database);
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

/** The walk over all routes is in `access`. */
const asStranger = (sent: () => Sent) => () => ({ ...sent(), headers: { authorization: `Bearer ${connection.tokens.otherOrganization}` } });

const hostile: readonly (readonly [what: string, sent: () => Sent, status: number, code: string])[] = [
  ['no token', () => ({ headers: { authorization: '' } }), 401, 'token_missing'],
  ['a token that is none', () => ({ headers: { authorization: 'Bearer x.y.z' } }), 401, 'token_invalid'],
  ['half a token', () => ({ headers: { authorization: `Bearer ${connection.tokens.author.slice(0, -10)}` } }), 401, 'token_invalid'],
  ["another's script", asStranger(() => ({ method: 'GET', path: `/scripts/scheduled/${ours.script}` })), 404, 'script_not_found'],
  [
    "another's script to cancel",
    asStranger(() => ({ method: 'DELETE', path: `/scripts/scheduled/${ours.script}` })),
    404,
    'script_not_found',
  ],
  [
    "another's backup",
    asStranger(() => ({ method: 'GET', path: `/scripts/scheduled/${ours.script}/executions/${ours.execution}/backup` })),
    404,
    'script_not_found',
  ],
  ["another's site", asStranger(() => ({ method: 'GET', path: `/sites/${ours.site}` })), 404, 'site_not_found'],
  ["another's site as a target", asStranger(json({})), 422, 'unknown_site'],
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
    const answer = await send(sent());
    const problem = (await answer.json()) as Record<string, unknown>;
    expect({ status: answer.status, code: problem['code'] }).toEqual({ status, code });
    const { doc_url: docUrl, ...said } = problem;
    expect(said).toMatchObject({ type: expect.any(String), message: expect.any(String) });
    expect(docUrl).toBe(`${connection.baseUrl}/docs/errors#${code}`);
    expect(Object.keys(said).filter((field) => !['type', 'code', 'message', 'param', 'errors'].includes(field))).toEqual([]);
    expect(answer.headers.get('request-id')).toEqual(expect.any(String));
    expect(JSON.stringify(said)).not.toMatch(/\\n +at |node_modules|SELECT|INSERT|127\.0\.0\.1|eyJ/);
    expect(await (await fetch(String(docUrl))).text()).toContain(` id="${code}"`);
    expect(await databaseDigest(database)).toEqual(before);
  });
});

describeWithBrowser('whoever follows the doc_url of an error', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  it.each([
    ['commandApiUrl', '/sites', 'token_missing'],
    ['queryApiUrl', '/scripts/scheduled', 'token_missing'],
    ['baseUrl', '/nowhere', 'route_not_found'],
  ] as const)('that came from %s lands on what it means', async (from, path, code) => {
    const { doc_url: docUrl } = (await (await fetch(`${connection[from]}${path}`)).json()) as { readonly doc_url: string };
    const { page, complaints: said } = await browser.openPage();
    await page.goto(docUrl);
    expect(await page.evaluate('document.querySelector(":target h2").textContent')).toBe(code);
    expect(said).toEqual([]);
    await page.close();
  });
});

it('gets no answer that the document does not promise', () => {
  expect(complaints).toEqual([]);
});
