import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { timestampOfMillis } from '@scheduled-scripts/domain';
import { scriptSummaries, StoreUnavailable } from '@scheduled-scripts/event-store';
import { createLogger } from '@scheduled-scripts/platform';
import { startCommandApi, type TestApi } from '../testing/command-api.fixture.js';
import { Summaries } from './summaries.js';

const at = (id: string) => `/scripts/scheduled/${id}`;

describe('the summary in an answer', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startCommandApi();
  });

  afterAll(() => api.stop());

  const textOf = (over: Record<string, unknown> = {}) => String(api.aScript(over)['script']);
  const summarize = async (scriptId: string, text: string, summary: string) => {
    const scriptSha256 = hash('sha256', text);
    const signed = { at: timestampOfMillis(Date.now()), by: 'service:summarizer' };
    const context = { organizationId: 'org_a', correlationId: 'spec', causationId: 'spec' };
    await scriptSummaries(api.store).decide(scriptId, { type: 'summarize', ...signed, scriptId, scriptSha256, summary }, context);
  };
  const put = (id: string, over: Record<string, unknown> = {}) => api.call('PUT', at(id), { body: api.aScript(over) });
  const authorize = (id: string) => api.call('POST', `${at(id)}/authorize`, { as: 'approver' });

  it('is there once it is written, and moves the digest but not the version', async () => {
    const id = await api.newScript();
    const before = await put(id);
    expect(before.json['summary']).toBeNull();
    await summarize(id, textOf(), 'Drops what comes in.');
    const after = await put(id);
    expect(after.json['summary']).toBe('Drops what comes in.');
    const [was, is] = [before, after].map(({ headers }) => headers.get('etag') ?? '');
    expect(was).toMatch(/^"2-/);
    expect(is).toMatch(/^"3-/);
    expect((await authorize(id)).json['summary']).toBe('Drops what comes in.');
    expect((await api.eventsOf(id)).map(({ type }) => type.split('.')[1])).toEqual(['created', 'revised', 'revised', 'authorized']);
  });

  it('goes with the text that it is about, and comes back with it', async () => {
    const id = await api.newScript();
    await summarize(id, textOf(), 'Drops what comes in.');
    expect((await put(id, { script: ':put 1' })).json['summary']).toBeNull();
    expect((await authorize(id)).json['summary']).toBeNull();
    expect((await put(id)).json['summary']).toBe('Drops what comes in.');
    await summarize(id, ':put 1', 'Prints.');
    expect((await put(id)).json['summary']).toBeNull();
    expect((await put(id, { script: ':put 1' })).json['summary']).toBe('Prints.');
  });

  it('is found by the id however it is spelled', async () => {
    const id = await api.newScript();
    await summarize(id, textOf(), 'Drops what comes in.');
    expect((await put(id.toUpperCase())).json['summary']).toBe('Drops what comes in.');
  });

  it('fails nothing when it cannot be read', async () => {
    let log = '';
    const logger = createLogger({ name: 'spec', level: 'warn', destination: { write: (line) => void (log += line) } });
    const summaries = new Summaries({ repository: { load: () => Promise.reject(new StoreUnavailable('away')) }, logger });
    expect(await summaries.latest('018f5bda-4690-7432-8472-358b2734f19b')).toBeNull();
    expect(log).toContain('store_unavailable');
    expect(await summaries.latest('nonsense')).toBeNull();
  });
});
