import { readFile, rm, writeFile } from 'node:fs/promises';
import { hash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mostOpenRequests, timestampOfMillis } from '@scheduled-scripts/domain';
import { scriptSummaries } from '@scheduled-scripts/event-store';
import { v7 } from 'uuid';
import { askedAgain, linkFor, pathFor, recorded, titleOf } from '../testing/approval-links.js';
import { launchedByNow, startCommandApi, statusesOf, type TestApi } from '../testing/command-api.fixture.js';

const at = (id: string) => `/scripts/scheduled/${id}`;
const nobody = { as: null } as const;

describe('the link of an approver', () => {
  let api: TestApi;
  let users: string;

  beforeAll(async () => {
    api = await startCommandApi();
    users = await readFile(api.usersFile, 'utf8');
  });
  afterEach(() => writeFile(api.usersFile, users));
  afterAll(() => api.stop());

  const asked = (over: Record<string, unknown> = {}) => api.newScript({ notify: ['auth0|approver'], ...over });
  const open = (link: string, method = 'GET') => api.call(method, link, nobody);
  const typesOf = async (id: string) => (await api.eventsOf(id)).map(({ type }) => type.split('.')[1]);

  it('opens a page that says everything the decision is about', async () => {
    const script = ':put "<b>1</b>"\n/system reboot\u202e';
    const id = await asked({ description: 'Reboot & <i>more</i>', script, sites: api.sites, make_backup: true });
    const scriptSha256 = hash('sha256', script);
    const context = { organizationId: 'org_a', correlationId: 'spec', causationId: 'spec' };
    const said = { scriptId: id, scriptSha256, summary: 'Prints and <reboots>.' };
    const signed = { at: timestampOfMillis(Date.now()), by: 'service:summarizer' };
    await scriptSummaries(api.store).decide(id, { type: 'summarize', ...signed, ...said }, context);
    const { status, text, headers } = await open(await linkFor(api, id));
    expect(status).toBe(200);
    expect(titleOf(text)).toBe('Reboot &amp; &lt;i&gt;more&lt;/i&gt;');
    for (const shown of [
      '<span>:put &quot;&lt;b&gt;1&lt;/b&gt;&quot;\n</span><span>/system reboot<mark>&lt;U+202E&gt;</mark>\n</span>',
      'Script · 2 lines, 33 bytes',
      'Prints and &lt;reboots&gt;.',
      '<dd>auth0|author</dd>',
      '<dt>Version 1</dt>',
      'Taken first at each site',
      'Tried again for 2 hours',
      'Sun, 1 Jan 2090, 00:00 UTC',
      'in 63 years',
      '3 sites',
      `<li>Depot<span>${api.sites[2]}</span></li>`,
    ]) {
      expect(text).toContain(shown);
    }
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(text).not.toMatch(/<script|\sstyle=|\son\w+=|https?:/);
  });

  it('says so where nothing softens what may happen', async () => {
    const { text } = await open(await linkFor(api, await asked({ abort_if_offline: true })));
    for (const shown of ['There is no summary', 'None is taken', 'Fail at once', '1 site']) expect(text).toContain(shown);
  });

  it('approves nothing by being opened, however often, also not by HEAD', async () => {
    const id = await asked();
    const link = await linkFor(api, id);
    for (const method of ['GET', 'HEAD', 'GET']) expect((await open(link, method)).status).toBe(200);
    expect((await open(`${link}?utm_source=mail`)).status).toBe(200);
    expect(await typesOf(id)).toEqual(['created', 'authorization-requested']);
  });

  it('approves by POST, once, in the name of its recipient', async () => {
    const id = await asked();
    const link = await linkFor(api, id);
    const answers = await Promise.all([open(link, 'POST'), open(link, 'POST'), open(link, 'POST')]);
    expect(statusesOf(answers)).toEqual([200, 410, 410]);
    const approved = answers.find(({ status }) => status === 200)?.text ?? '';
    expect(answers.map(({ text }) => titleOf(text)).toSorted()).toEqual([
      'It is approved already',
      'It is approved already',
      'Scheduled: Weekly firewall rule update',
    ]);
    expect(approved).toContain('Sun, 1 Jan 2090, 00:00 UTC');
    const events = await api.eventsOf(id);
    expect(events.map(({ type }) => type.split('.')[1])).toEqual(['created', 'authorization-requested', 'authorized']);
    expect(events.at(-1)).toMatchObject({
      data: { version: 1, authorizationId: events[1]?.data['authorizationId'] },
      metadata: { actor: 'auth0|approver', organizationId: 'org_a' },
    });
    for (const method of ['GET', 'POST']) expect(titleOf((await open(link, method)).text)).toBe('It is approved already');
  });

  it('takes the form that a browser sends', async () => {
    const link = await linkFor(api, await asked());
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await api.call('POST', link, { as: null, raw: '', headers: form })).status).toBe(200);
  });

  it.each<[string, string, (id: string) => Promise<unknown>]>([
    ['a change', 'The script has been changed', (id) => api.call('PUT', at(id), { body: api.aScript() })],
    ['a cancellation', 'It was cancelled', (id) => api.call('DELETE', at(id))],
    ['an approval by somebody else', 'It is approved already', (id) => api.call('POST', `${at(id)}/authorize`, { as: 'writer' })],
    ['the launch', 'It has been launched', (id) => api.record(id, launchedByNow)],
    ['very many requests', 'There are newer requests', (id) => api.record(id, ...Array.from({ length: mostOpenRequests }, askedAgain))],
  ])('is void after %s', async (_, title, happens) => {
    const id = await asked();
    const link = await linkFor(api, id);
    await happens(id);
    const before = await typesOf(id);
    const answers = [await open(link), await open(link, 'POST')];
    expect(answers.map(({ status, text }) => [status, titleOf(text)])).toEqual([
      [410, title],
      [410, title],
    ]);
    expect(await typesOf(id)).toEqual(before);
  });

  it('stays good when approval is asked for again, until one of them is used', async () => {
    const id = await asked();
    const first = await linkFor(api, id);
    await api.record(id, askedAgain(), askedAgain());
    const links = (await api.eventsOf(id)).slice(1).map(({ data }) => pathFor(id, String(data['authorizationId'])));
    expect(links[0]).toBe(first);
    expect(statusesOf(await Promise.all(links.map((link) => open(link))))).toEqual([200, 200, 200]);
    expect(titleOf((await open(first, 'POST')).text)).toBe('Scheduled: Weekly firewall rule update');
    for (const link of links) {
      for (const method of ['GET', 'POST']) {
        const answer = await open(link, method);
        expect([answer.status, titleOf(answer.text)]).toEqual([410, 'It is approved already']);
      }
    }
    expect((await typesOf(id)).filter((type) => type === 'authorized')).toHaveLength(1);
  });

  it('stays void when the change is approved by a link of its own', async () => {
    const id = await asked();
    const link = await linkFor(api, id);
    await api.call('PUT', at(id), { body: api.aScript({ notify: ['auth0|approver'] }) });
    const newLink = await linkFor(api, id);
    expect((await open(link, 'POST')).status).toBe(410);
    expect((await open(newLink, 'POST')).status).toBe(200);
  });

  it('is void once the time has come, and says what to do', async () => {
    const { link } = await recorded(api, { launchAt: timestampOfMillis(Date.now() - 1) });
    const answer = await open(link, 'POST');
    expect([answer.status, titleOf(answer.text)]).toEqual([409, 'The time of its launch has passed']);
    expect(answer.text).toContain('a new time');
  });

  it('is no right of an author, whoever asked', async () => {
    const id = await asked();
    const link = await linkFor(api, id);
    await api.call('PUT', at(id), { as: 'approver', body: api.aScript() });
    expect((await open(link)).status).toBe(403);
    expect((await open(link, 'POST')).status).toBe(403);
  });

  it('leads nowhere when it is forged, broken, or of what is not there: nobody sees which', async () => {
    const id = await asked();
    const link = await linkFor(api, id);
    const turned = link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A');
    const bad = [
      turned,
      link.slice(0, -1),
      `${link}A`,
      '/authorize/x',
      `/authorize/${'A'.repeat(1_000)}`,
      pathFor(v7(), v7()),
      `${link}%00`,
    ];
    const answers = await Promise.all(bad.flatMap((path) => [open(path), open(path, 'POST')]));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await typesOf(id)).toEqual(['created', 'authorization-requested']);
  });

  it('is of no use to whoever may not approve any more', async () => {
    const id = await asked();
    const link = await linkFor(api, id);
    await writeFile(
      api.usersFile,
      JSON.stringify({ org_a: { 'auth0|approver': { email: 'a@a.example' } }, org_b: JSON.parse(users).org_a }),
    );
    const answers = [await open(link), await open(link, 'POST')];
    expect(answers.map(({ status, text }) => [status, titleOf(text)])).toEqual([
      [403, 'You may not approve'],
      [403, 'You may not approve'],
    ]);
    expect(answers.map(({ text }) => text).join()).not.toContain('firewall');
    expect(await typesOf(id)).toEqual(['created', 'authorization-requested']);
  });

  it('has a page for what is out of order, and for when to come again', async () => {
    const link = await linkFor(api, await asked());
    await rm(api.usersFile);
    const away = await open(link, 'POST');
    expect([away.status, titleOf(away.text)]).toEqual([503, 'Not available just now']);
    expect(away.headers.get('retry-after')).toBe('5');
    expect(away.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(away.text).not.toMatch(/users\.json|ENOENT/);
    const odd = await api.call('POST', link, { as: null, raw: 'a=b', headers: { 'Content-Type': 'text/plain' } });
    expect([odd.status, titleOf(odd.text)]).toEqual([415, 'That was not understood']);
  });

  it('stays readable with ten thousand sites and the longest script', async () => {
    const sites = Array.from({ length: 10_000 }, (_, index) => `site_${String(index).padStart(16, '0')}`);
    const { link } = await recorded(api, { sites, script: '\n'.repeat(60_000) });
    const { status, text } = await open(link);
    expect(status).toBe(200);
    expect(text).toContain('10,000 sites');
    expect(text).toContain('Not listed on this page: 9,800 further sites.');
    expect(text.match(/<li>/g)).toHaveLength(200);
    expect(text.length).toBeLessThan(1_000_000);
  });

  it('is nowhere to be read afterwards', async () => {
    const id = await asked();
    const link = await linkFor(api, id);
    await open(link);
    await open(`${link}x`);
    await open(link, 'POST');
    const token = link.slice('/authorize/'.length);
    const metrics = (await open('/metrics')).text;
    expect(api.logged()).toContain('/authorize/:token');
    expect(metrics).toContain('/authorize/:token');
    for (const text of [api.logged(), metrics, JSON.stringify(await api.eventsOf(id))]) {
      expect(text).not.toContain(token.slice(0, 40));
      expect(text).not.toContain(token.slice(-40));
    }
  });
});
