import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { openApiDocument, operationsOf } from '@scheduled-scripts/contracts/openapi';
import { StackProcess } from '../chaos/stack-process.js';
import { clientsOf } from '../job/clients.js';
import { runMainJob } from '../job/main-job.js';
import { linkIn } from '../job/outbox.js';
import { expectations } from '../job/outcomes.js';
import type { Connection } from '../stack/connection.js';
import { users } from '../stack/users.js';
import { createTerminal } from '../terminal.js';
import { DocumentJudge, judgedFetch } from '../testing/document-judge.js';
import { DocumentedRequests, type Sending, type Sent } from '../testing/documented-requests.js';
import { runReadmeProgram } from '../testing/readme-program.js';
import { newDataFolder } from './data-folder.js';

jest.setTimeout(120_000);

const dataFolder = newDataFolder();
const outbox = join(dataFolder.path, 'mail');
const document = openApiDocument('gateway');
const judge = new DocumentJudge(document);
const complaints: string[] = [];
let stack: StackProcess;
let connection: Connection;
let requests: DocumentedRequests;

beforeAll(async () => {
  stack = new StackProcess(dataFolder.path);
  connection = await stack.untilAnnounced();
  requests = new DocumentedRequests(connection.baseUrl, document, judge, complaints);
});
afterAll(async () => {
  await stack.kill('SIGTERM');
  await dataFolder.remove();
});

/** As the author unless told, and expects that status. */
const send = async (status: number, operationId: string, sending: Sending = {}): Promise<Sent> => {
  const sent = await requests.send(operationId, { token: connection.tokens.author, ...sending });
  expect([operationId, sent.status, sent.status === status ? '' : sent.text.slice(0, 300)]).toEqual([operationId, status, '']);
  return sent;
};

const idOf = ({ json }: Sent): string => String(json['id']);
const router = (number: number): string => connection.routers[number - 1]?.siteId ?? '';
const untilThere = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await rest(150)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`waited in vain for ${what}`);
};

it('the program of the client’s README does what it says', async () => {
  const { code, complaints: said, lines } = await runReadmeProgram(connection);
  expect([code, said]).toEqual([0, '']);
  expect(lines[0]).toMatch(/^[0-9a-f-]{36} is unauthorized$/);
  expect(lines[1]).toBe('refused: 403 scope_missing');
  expect(lines[2]).toMatch(/^launched: \d completed, \d failed, \d pending$/);
  expect(lines.at(-1)).toMatch(/^launched: \d completed, \d failed, 0 pending$/);
});

describe('what the document says can be sent', () => {
  let siteTag = '';

  it('about itself', async () => {
    const { json, headers } = await send(200, 'getOpenApi');
    expect(json).toEqual(document);
    await send(304, 'getOpenApi', { headers: { 'if-none-match': headers.get('etag') ?? '' } });
    for (const id of ['getDocs', 'getErrorReference']) {
      const page = await send(200, id);
      await send(304, id, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
    }
  });

  it('about sites', async () => {
    const { headers, json } = await send(201, 'createSite');
    siteTag = headers.get('etag') ?? '';
    expect(headers.get('location')).toBe(`/sites/${String(json['id'])}`);
    await send(409, 'createSite');
    await send(201, 'createSite', { example: 'pinned' });
    // The examples of scripts are tested at another one.
    await send(201, 'createSite', { change: { id: 'site_2Al5z3gXyY5f6Z7h8j9k0l1m', serial: null } });
    const page = await send(200, 'listSites', { query: { limit: '1' } });
    expect(page.headers.get('link')).toMatch(/^<\/sites\?.*cursor=.*>; rel="next"$/);
    const of = { id: String(json['id']) };
    await send(200, 'getSite', { of });
    await send(304, 'getSite', { of, headers: { 'if-none-match': siteTag } });
    await send(200, 'changeSite', { of, headers: { 'if-match': siteTag } });
    await send(412, 'changeSite', { of, headers: { 'if-match': siteTag } });
    expect((await send(200, 'checkSite', { of: { id: router(1) } })).json).toMatchObject({ reachable: true, logged_in: true });
    expect((await send(200, 'checkSite', { of: { id: router(11) } })).json).toMatchObject({ reachable: false });
  });

  it('about a script that is not launched', async () => {
    const key = { 'idempotency-key': 'of-the-document' };
    const created = await send(201, 'createScheduledScript', { headers: key });
    const of = { id: idOf(created) };
    expect(created.headers.get('location')).toBe(`/scripts/scheduled/${of.id}`);
    expect(idOf(await send(201, 'createScheduledScript', { headers: key }))).toBe(of.id);
    await send(409, 'createScheduledScript', { headers: key, example: 'required' });
    const other = await send(201, 'createScheduledScript', { example: 'required' });
    // Its summary moves the digest, and comes when it comes.
    const shown = await untilThere('the summary', async () => {
      const found = await send(200, 'getScheduledScript', { of, headers: { 'min-version': '1' } });
      return found.json['summary'] === null ? undefined : found;
    });
    await send(304, 'getScheduledScript', { of, headers: { 'if-none-match': shown.headers.get('etag') ?? '' } });
    await send(503, 'getScheduledScript', { of, headers: { 'min-version': '99' } });
    const page = await send(200, 'listScheduledScripts', {
      query: { limit: '1', status: 'unauthorized', launch_after: '2090-01-01T00:00:00+02:00' },
    });
    expect(page.headers.get('link')).toMatch(/^<\/scripts\/scheduled\?.*>; rel="next"$/);
    await send(200, 'getProgress', { of });
    await send(422, 'requestAuthorization', { of });
    await send(409, 'launchScheduledScript', { of, token: connection.tokens.approver });
    await send(409, 'abortRollout', { of });
    await send(200, 'reviseScheduledScript', { of, headers: { 'if-match': created.headers.get('etag') ?? '' } });
    await send(412, 'reviseScheduledScript', { of, headers: { 'if-match': created.headers.get('etag') ?? '' } });
    await send(200, 'reviseScheduledScript', { of, example: 'kept', change: { notify: [users.approver.sub], description: 'By link' } });

    await send(202, 'requestAuthorization', { of });
    await send(202, 'requestAuthorization', { of });
    const link = await untilThere('the link', async () => linkIn(outbox, users.approver.email, of.id) ?? undefined);
    const token = link.split('/').at(-1) ?? '';
    expect((await send(200, 'showApprovalPage', { of: { token } })).text).toContain('By link');
    await send(200, 'approveByLink', { of: { token } });
    await send(410, 'approveByLink', { of: { token } });
    await send(404, 'showApprovalPage', { of: { token: 'none-of-ours' } });
    await send(409, 'requestAuthorization', { of });
    await send(409, 'removeSite', { of: { id: 'site_1AbCdEfGhIjKlMnOpQrStUv' } });

    await send(403, 'authorizeScheduledScript', { of });
    await send(200, 'authorizeScheduledScript', { of: { id: idOf(other) }, token: connection.tokens.approver });
    for (const id of [of.id, idOf(other)]) await send(204, 'cancelScheduledScript', { of: { id } });
    await send(204, 'cancelScheduledScript', { of });
    await send(409, 'reviseScheduledScript', { of });
    const history = await send(200, 'listHistory', { of, headers: { 'min-version': '5' }, query: { limit: '2' } });
    expect(history.headers.get('link')).toContain(`</scripts/scheduled/${of.id}/history?`);
    await send(204, 'removeSite', { of: { id: 'site_1AbCdEfGhIjKlMnOpQrStUv' } });
    await send(404, 'getSite', { of: { id: 'site_1AbCdEfGhIjKlMnOpQrStUv' } });
  });

  it('about a script and what it does at the routers', async () => {
    // One of the two is never there, so that the rollout is not over before it is aborted.
    const plan = { sites: [router(1), router(11)], test_site_id: router(2), notify: [], script: ':put 1' };
    const of = { id: idOf(await send(201, 'createScheduledScript', { change: plan })) };
    await send(202, 'testScheduledScript', { of });
    const test = await untilThere('the end of the test', async () => {
      const { data } = await clientsOf(connection).viewer.listExecutions({ id: of.id, minVersion: 1 });
      return data.find(({ kind, state }) => kind === 'test' && state === 'completed');
    });
    const backup = { of: { ...of, executionId: test.id } };
    const kept = await send(200, 'getBackup', backup);
    expect(kept.headers.get('etag')).toBe(`"${test.backup?.sha256}"`);
    await send(304, 'getBackup', { ...backup, headers: { 'if-none-match': kept.headers.get('etag') ?? '' } });
    await send(404, 'getBackup', { of: { ...of, executionId: of.id } });

    const { approver, otherOrganization } = connection.tokens;
    await send(200, 'authorizeScheduledScript', { of, token: approver });
    await send(403, 'launchScheduledScript', { of });
    await send(404, 'launchScheduledScript', { of, token: otherOrganization });
    await send(202, 'launchScheduledScript', { of, token: approver });
    await send(409, 'cancelScheduledScript', { of });
    const kinds = new Set<string>();
    const watching = clientsOf(connection, { fetch: judgedFetch(judge, complaints) }).viewer.watchScheduledScript({
      id: of.id,
      minVersion: 3,
    });
    for await (const { event, data } of watching) {
      kinds.add(event);
      expect(judge.modelComplaints(event === 'script' ? 'ScheduledScript' : 'SiteExecution', data)).toEqual([]);
      if (event === 'script' && data.progress.completed.length === 1) break;
    }
    expect([...kinds].sort()).toEqual(['execution', 'script']);
    await send(200, 'listExecutions', { of, query: { limit: '1' } });
    await send(202, 'abortRollout', { of });
    await send(202, 'abortRollout', { of });
    expect((await send(200, 'getProgress', { of, headers: { 'min-version': '3' } })).json).toMatchObject({ completed: [router(1)] });
  });

  it('in headers, of each operation those that it reads and no others', async () => {
    const of = { id: '018f5bda-4690-7432-8472-358b2734f19b', executionId: '018f5bda-4690-7432-8472-358b2734f19c', token: 'none' };
    for (const { id, headers: read = [] } of operationsOf('gateway')) {
      for (const name of ['If-Match', 'Min-Version', 'Idempotency-Key'] as const) {
        // The viewer may change nothing; whoever reads the header says so before that.
        const sent = await requests.send(id, { token: connection.tokens.viewer, of, headers: { [name]: 'none of its form' } });
        expect([id, name, sent.json['param'] === name]).toEqual([id, name, read.includes(name)]);
      }
    }
  });

  it('with every example of a body', () => {
    expect(requests.bodies).toEqual([
      'createScheduledScript whole',
      'createScheduledScript required',
      'reviseScheduledScript whole',
      'reviseScheduledScript kept',
      'createSite verified',
      'createSite pinned',
      'changeSite renamed',
    ]);
  });
});

describe('every answer', () => {
  it('of the main job is as the document says', async () => {
    const targets = connection.routers.map(({ siteId }, index) => {
      const name = `router-${String(index + 1).padStart(2, '0')}`;
      return { siteId, name, expected: expectations[name] ?? ('completed' as const) };
    });
    const clients = clientsOf(connection, { fetch: judgedFetch(judge, complaints) });
    await runMainJob(connection, targets, createTerminal(), outbox, clients);
    expect(complaints).toEqual([]);
  });

  it('of probes, of each service, is as its own document says', async () => {
    for (const [part, url] of [
      ['command-api', connection.commandApiUrl],
      ['query-api', connection.queryApiUrl],
    ] as const) {
      const own = new DocumentJudge(openApiDocument(part));
      const direct = new DocumentedRequests(url, openApiDocument(part), own, complaints);
      const about = ['getLiveness', 'getReadiness', 'getMetrics', 'getOpenApi', 'getDocs', 'getErrorReference'];
      for (const operation of about) await direct.send(operation);
      expect(own.seen).toEqual(new Set(about.map((name) => `${name} 200`)));
    }
  });

  it('was as the document says, and of every operation there was one', () => {
    expect(complaints).toEqual([]);
    const wanted = operationsOf('gateway').flatMap(({ id, answers }) =>
      Object.keys(answers)
        .filter((status) => Number(status) < 400)
        .map((status) => `${id} ${status}`),
    );
    expect(wanted.filter((answer) => !judge.seen.has(answer))).toEqual([]);
  });
});
