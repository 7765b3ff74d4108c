import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mostOpenRequests } from '@scheduled-scripts/domain';
import { scheduledScripts, scriptSummaries, type EventStore } from '@scheduled-scripts/event-store';
import { createLogger } from '@scheduled-scripts/platform';
import { until } from '@scheduled-scripts/postgres/testing';
import { openSiteDirectory, parseKeyRing } from '@scheduled-scripts/site-directory';
import { Scripts } from '../scheduled-scripts/scripts.js';
import { Summaries } from '../summaries/summaries.js';
import { askedAgain, linkFor } from '../testing/approval-links.js';
import { approvalLinks, startCommandApi, type TestApi } from '../testing/command-api.fixture.js';
import { Approvals } from './approvals.js';

const keyRing = parseKeyRing(`k1:${Buffer.alloc(32, 1).toString('base64')}`);

describe('an approval by link', () => {
  let api: TestApi;
  let approvals: Approvals;
  let reads: number;
  /** Happens when the script has been loaded and nothing has been decided. */
  let meanwhile: () => Promise<unknown>;

  beforeAll(async () => {
    api = await startCommandApi();
    const counting: EventStore = {
      append: (append) => api.store.append(append),
      appendMany: (appends) => api.store.appendMany(appends),
      read: (stream, options) => {
        reads += 1;
        return api.store.read(stream, options);
      },
      follow: (options) => api.store.follow(options),
      ping: () => api.store.ping(),
      close: () => api.store.close(),
    };
    const repository = scheduledScripts(counting);
    const sites = openSiteDirectory({ database: api.database, keyRing, allowLoopback: false });
    approvals = new Approvals({
      links: approvalLinks,
      settings: { allowSelfAuthorization: false },
      repository,
      scripts: new Scripts({ repository, sites, now: Date.now }),
      summaries: new Summaries({ repository: scriptSummaries(counting), logger: createLogger({ name: 'spec', level: 'silent' }) }),
      sites,
      users: {
        known: async (_organizationId, userIds) => {
          await meanwhile();
          return { approvers: userIds, informed: [], unknown: [] };
        },
      },
    });
  });
  beforeEach(() => {
    reads = 0;
    meanwhile = () => Promise.resolve();
  });
  afterAll(() => api.stop());

  const asked = async () => {
    const id = await api.newScript({ notify: ['auth0|approver'] });
    const link = await linkFor(api, id);
    return { id, token: link.slice('/authorize/'.length) };
  };
  const typesOf = async (id: string) => (await api.eventsOf(id)).map(({ type }) => type.split('.')[1]);

  it('loads the script once', async () => {
    const { token } = await asked();
    expect(await approvals.approve(token)).toMatchObject({ kind: 'approved', script: { status: 'scheduled' } });
    expect(reads).toBe(1);
  });

  it('is one, where two found the link good', async () => {
    const { id, token } = await asked();
    let loaded = 0;
    meanwhile = async () => {
      loaded += 1;
      await until(() => loaded === 2);
    };
    const outcomes = await Promise.all([approvals.approve(token), approvals.approve(token)]);
    const told = outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.refusal.why : outcome.kind));
    // As what stands, and as why it was refused.
    expect(told.toSorted()).toEqual(['approved', 'approved']);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['approved', 'refused']);
    expect(await typesOf(id)).toEqual(['created', 'authorization-requested', 'authorized']);
  });

  it.each<[string, string, (id: string) => Promise<unknown>]>([
    ['a change', 'changed', (id) => api.call('PUT', `/scripts/scheduled/${id}`, { body: api.aScript() })],
    ['a cancellation', 'cancelled', (id) => api.call('DELETE', `/scripts/scheduled/${id}`)],
    ['another approval', 'approved', (id) => api.call('POST', `/scripts/scheduled/${id}/authorize`, { as: 'writer' })],
    ['very many requests', 'asked_often', (id) => api.record(id, ...Array.from({ length: mostOpenRequests }, askedAgain))],
  ])('is judged again after %s that came between', async (_, why, happens) => {
    const { id, token } = await asked();
    let before: readonly unknown[] = [];
    meanwhile = async () => {
      await happens(id);
      before = await typesOf(id);
    };
    expect(await approvals.approve(token)).toMatchObject({ kind: 'refused', refusal: { why } });
    expect(await typesOf(id)).toEqual(before);
  });

  it('stays good where what came between does not concern it', async () => {
    const { id, token } = await asked();
    meanwhile = () =>
      api.record(id, {
        type: 'scheduled-script.test-requested.v1',
        data: { siteId: api.sites[0], number: 1, windowEndsAt: '2090-01-01T02:00:00.000000Z' },
      });
    expect(await approvals.approve(token)).toMatchObject({ kind: 'approved' });
    expect(await typesOf(id)).toEqual(['created', 'authorization-requested', 'test-requested', 'authorized']);
  });

  it('stays good where approval was asked for again between', async () => {
    const { id, token } = await asked();
    meanwhile = () => api.record(id, askedAgain());
    expect(await approvals.approve(token)).toMatchObject({ kind: 'approved' });
    expect(await typesOf(id)).toEqual(['created', 'authorization-requested', 'authorization-requested', 'authorized']);
  });
});
