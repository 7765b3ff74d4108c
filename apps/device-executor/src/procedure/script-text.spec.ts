import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asTimestamp, type ScriptPlan } from '@scheduled-scripts/domain';
import { scheduledScripts, type EventStore } from '@scheduled-scripts/event-store';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { v7 } from 'uuid';
import { sha256 } from '../testing/executions.js';
import { ScriptTextMissing, ScriptTexts } from './script-text.js';

const at = asTimestamp('2026-03-01T02:00:00.000000Z');
const by = 'auth0|author';

let test: TestDatabase;
let store: EventStore;
beforeAll(async () => {
  test = await createTestDatabase();
  store = await openEventStore({ url: test.url, applicationName: 'spec' });
}, 30_000);
afterAll(async () => {
  await store.close();
  await test.drop();
});

const planOf = (script: string): ScriptPlan => ({
  description: 'Keep them out',
  script,
  scriptSha256: sha256(script),
  launchAt: asTimestamp('2026-04-01T02:00:00.000000Z'),
  sites: ['site_0000000000000001'],
  notify: [],
  testSiteId: null,
  makeBackup: false,
  abortIfOffline: false,
});

/** A script that was revised as often as it has further texts. */
const scriptOf = async (first: string, ...later: readonly string[]): Promise<string> => {
  const scriptId = v7();
  const context = { organizationId: 'org_1', correlationId: scriptId, causationId: scriptId };
  const scripts = scheduledScripts(store);
  await scripts.decide(scriptId, { type: 'create', at, by, scriptId, organizationId: 'org_1', plan: planOf(first) }, context);
  for (const text of later) await scripts.decide(scriptId, { type: 'revise', at, by, plan: planOf(text) }, context);
  return scriptId;
};

/** How often the store was read. */
const counted = () => {
  const count = { reads: 0 };
  const counting: EventStore = {
    append: (append) => store.append(append),
    appendMany: (appends) => store.appendMany(appends),
    read: (stream, options) => {
      count.reads += 1;
      return store.read(stream, options);
    },
    follow: (options) => store.follow(options),
    ping: () => store.ping(),
    close: async () => undefined,
  };
  return { texts: new ScriptTexts(scheduledScripts(counting)), count };
};

describe('the texts of scripts', () => {
  it('are those with the hash that was ordered, also of an earlier version', async () => {
    const scriptId = await scriptOf(':put 1', ':put "žalias"');
    const { texts } = counted();
    expect(await texts.get({ scriptId, scriptSha256: sha256(':put 1') })).toBe(':put 1');
    expect(await texts.get({ scriptId, scriptSha256: sha256(':put "žalias"') })).toBe(':put "žalias"');
  });

  it('are read once, also by many at a time', async () => {
    const scriptId = await scriptOf(':put 1');
    const { texts, count } = counted();
    const order = { scriptId, scriptSha256: sha256(':put 1') };
    await Promise.all(Array.from({ length: 50 }, () => texts.get(order)));
    await texts.get(order);
    expect(count.reads).toBe(1);
  });

  it('that are nowhere are told apart from those that could not be read, and are looked for again', async () => {
    const scriptId = await scriptOf(':put 1');
    const { texts, count } = counted();
    const order = { scriptId, scriptSha256: sha256('another') };
    await expect(texts.get(order)).rejects.toBeInstanceOf(ScriptTextMissing);
    await expect(texts.get(order)).rejects.toBeInstanceOf(ScriptTextMissing);
    expect(count.reads).toBe(2);
  });

  it('are not kept without end', async () => {
    const ids = await Promise.all(Array.from({ length: 65 }, () => scriptOf(':put 1')));
    const { texts, count } = counted();
    const get = (scriptId = '') => texts.get({ scriptId, scriptSha256: sha256(':put 1') });
    for (const scriptId of ids) await get(scriptId);
    await get(ids[64]);
    expect(count.reads).toBe(65);
    await get(ids[0]);
    expect(count.reads).toBe(66);
  });
});
