import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningService } from '../service.js';
import { describeWithBrowser, startBrowser, type TestBrowser } from '../testing/browser.js';
import { definitionOf, startTest } from '../testing/fixture.js';
import { ThingsModule } from '../testing/things.module.js';
import type { ExplainedProblem } from './errors-page.js';

const answered = { description: 'Fine.' };
const document = {
  openapi: '3.1.1',
  info: { title: 'Things', version: '1.0.0', description: 'Keeps **things**.' },
  servers: [{ url: '.' }],
  paths: {
    '/things': {
      get: { operationId: 'listThings', tags: ['Things'], summary: 'List', responses: { 200: answered } },
      post: { operationId: 'createThing', tags: ['Things'], summary: 'Create', responses: { 201: answered } },
    },
  },
};

const problems: readonly ExplainedProblem[] = [
  {
    code: 'thing_not_found',
    type: 'not_found_error',
    statuses: [404],
    meaning: 'There is no such <thing> & "nothing" like it.',
    remedy: 'Take the id from `GET /things`.',
    metBy: [{ method: 'GET', path: '/things/{id}', summary: 'Get a thing' }],
  },
  {
    code: 'thing_invalid',
    type: 'invalid_request_error',
    statuses: [422, 400],
    meaning: 'It is none.',
    remedy: 'Do `<b>` better.',
    metBy: 'Any <operation>.',
  },
];

let service: RunningService;

beforeAll(async () => {
  service = await startTest(definitionOf(ThingsModule, { openApi: document, problems }));
});
afterAll(() => service.stop());

describe('the reference of a service', () => {
  it('has its document, for everybody, and again only when it has changed', async () => {
    const answer = await fetch(`${service.url}/openapi.json`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(await answer.json()).toEqual(document);
    const again = await fetch(`${service.url}/openapi.json`, { headers: { 'If-None-Match': answer.headers.get('etag') ?? '' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('is compressed for those who can take it', async () => {
    const lengths = await Promise.all(
      ['gzip', 'identity'].map(async (encoding) => {
        const answer = await fetch(`${service.url}/docs/swagger-ui-bundle.js`, { headers: { 'Accept-Encoding': encoding } });
        await answer.arrayBuffer();
        expect([answer.status, answer.headers.get('vary')]).toEqual([200, 'Accept-Encoding']);
        return Number(answer.headers.get('content-length'));
      }),
    );
    expect(lengths[0]).toBeLessThan((lengths[1] ?? 0) / 2);
  });

  it('has a page that may load what is ours, and nothing else', async () => {
    const answer = await fetch(`${service.url}/docs`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(await answer.text()).not.toMatch(/https?:|<script>|<style|style=|onload/);
  });

  it('serves no other file of the package, and nothing at all without a document', async () => {
    for (const path of ['/docs/', '/docs/index.html', '/docs/../package.json', '/docs/constructor']) {
      expect([path, (await fetch(`${service.url}${path}`)).status]).toEqual([path, 404]);
    }
    const silent = await startTest(definitionOf(ThingsModule));
    expect((await fetch(`${silent.url}/docs`)).status).toBe(404);
    await silent.stop();
  });
});

const getErrors = (init: RequestInit = {}): Promise<Response> => fetch(`${service.url}/docs/errors`, init);

describe('the page of errors', () => {
  it('has a section for each code, and takes nothing that is written in it for markup', async () => {
    const page = await (await getErrors()).text();
    const codes = ['thing_not_found', 'thing_invalid'];
    expect([...page.matchAll(/<section class="card" id="(\w+)"/g)].map(([, code]) => code)).toEqual(codes);
    expect([...page.matchAll(/<a href="#(\w+)">/g)].map(([, code]) => code)).toEqual([...codes, ...codes]);
    expect(page).toContain('There is no such &lt;thing&gt; &amp; &quot;nothing&quot; like it.');
    expect(page).toContain('Take the id from <code>GET /things</code>.');
    expect(page).toContain('<code>&lt;b&gt;</code>');
    expect(page).toContain('<code>GET /things/{id}</code> Get a thing');
    expect(page).toContain('422 or 400 · invalid_request_error');
    expect(page).not.toMatch(/https?:|<script|style=|onload|undefined/);
  });

  it('may load nothing at all, is asked for again only when it has changed, and has a HEAD', async () => {
    const answer = await getErrors();
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'$/);
    expect([answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual(['text/html; charset=utf-8', 'no-cache']);
    const again = await getErrors({ headers: { 'If-None-Match': answer.headers.get('etag') ?? '' } });
    expect([again.status, await again.text(), again.headers.get('content-security-policy')]).toEqual([304, '', policy]);
    const head = await getErrors({ method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', answer.headers.get('etag')]);
    const changed = await getErrors({ method: 'POST' });
    expect([changed.status, changed.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('is limited as everything else is', async () => {
    const limited = await startTest(definitionOf(ThingsModule, { openApi: document, problems }), { RATE_LIMIT_PER_SECOND: '1' });
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await fetch(`${limited.url}/docs/errors`)).status));
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    await limited.stop();
  });

  it('is not there where nothing is explained', async () => {
    const silent = await startTest(definitionOf(ThingsModule, { openApi: document }));
    expect((await fetch(`${silent.url}/docs/errors`)).status).toBe(404);
    await silent.stop();
  });
});

/** Takes the prefix off, as a gateway may that serves us at a path of its own. */
const behind = async (prefix: string): Promise<{ readonly server: Server; readonly origin: string }> => {
  const forward = async (path: string, response: ServerResponse): Promise<void> => {
    const answer = await fetch(`${service.url}${path.slice(prefix.length)}`, { headers: { 'Accept-Encoding': 'identity' } });
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
  };
  const server = createServer(({ url: path = '' }, response) => {
    if (path.startsWith(`${prefix}/`)) void forward(path, response);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

describeWithBrowser('the page in a browser', () => {
  let browser: TestBrowser;
  let gateway: Awaited<ReturnType<typeof behind>>;

  beforeAll(async () => {
    [browser, gateway] = await Promise.all([startBrowser(), behind('/of/ours')]);
  });
  afterAll(async () => {
    await browser?.close();
    gateway?.server.close().closeAllConnections();
  });

  it.each([
    ['as the service serves it', () => [service.url, ''] as const],
    ['behind a path of a gateway', () => [gateway.origin, '/of/ours'] as const],
  ])('lists the operations and asks nobody else, %s', async (_where, at) => {
    const [origin, prefix] = at();
    const { page, requests, complaints } = await browser.openPage();
    await page.goto(`${origin}${prefix}/docs`);
    await page.waitForSelector('.opblock-summary-path', { timeout: 20_000 });
    const listed = 'Array.from(document.querySelectorAll(".opblock"), ({ id }) => id)';
    expect(await page.evaluate(listed)).toEqual(['operations-Things-listThings', 'operations-Things-createThing']);
    expect(await page.title()).toBe('Things');
    await page.goto(`${origin}${prefix}/docs/errors`);
    await Promise.all([page.waitForNavigation(), page.click('a[href="../docs"]')]);
    expect(page.url()).toBe(`${origin}${prefix}/docs`);
    await page.waitForSelector('.opblock-summary-path', { timeout: 20_000 });
    expect(requests.filter((url) => !url.startsWith(`${origin}${prefix}/`) && !url.startsWith('data:'))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
