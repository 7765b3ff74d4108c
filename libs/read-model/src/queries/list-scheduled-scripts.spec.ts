import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scheduledScriptJson, type EventMessage, type ScheduledScriptView, type Timestamp } from '@scheduled-scripts/contracts';
import { idOf, Recorder, siteIds } from '@scheduled-scripts/contracts/testing';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { project, readModel, readModelMigrations, type ReadModel, type ScriptListQuery } from '../index.js';

const at = '2026-03-01T00:00:00.000000Z' as Timestamp;
const hour = (hours: number) => `2026-03-02T${String(hours).padStart(2, '0')}:00:00.000000Z` as Timestamp;

/** Ids grow with their number, as those of version 7 do. */
const scriptId = (number: number): string => `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;

const numbersOf = (views: readonly ScheduledScriptView[]) => views.map(({ id }) => Number(id.slice(24)));

interface Wanted {
  readonly number: number;
  readonly organizationId?: string;
  readonly sites?: readonly string[];
  readonly script?: string;
  readonly launchAt?: Timestamp;
  readonly authorized?: boolean;
}

const messagesOf = ({
  number,
  organizationId = 'org_a',
  sites = siteIds('x', 1),
  script = '/log info x',
  launchAt = hour(1),
  authorized,
}: Wanted) => {
  const id = scriptId(number);
  const recorder = new Recorder(organizationId);
  const record = (...[event]: Parameters<Recorder['record']> extends [string, infer Event] ? [Event] : never) =>
    recorder.record(`scheduledScript-${id}`, event);
  const plan = { description: 'x', script, scriptSha256: 'a'.repeat(64), launchAt, sites, notify: [], testSiteId: null };
  const data = { scriptId: id, organizationId, ...plan, makeBackup: false, abortIfOffline: false };
  const messages: EventMessage[] = [record({ type: 'scheduled-script.created.v1', at, by: 'auth0|author', data })];
  if (authorized) {
    messages.push(
      record({ type: 'scheduled-script.authorized.v1', at, by: 'auth0|approver', data: { version: 1, authorizationId: idOf(id) } }),
    );
  }
  return messages;
};

describe('the list of scheduled scripts', () => {
  let test: TestDatabase;
  let database: Database;
  let model: ReadModel;
  const add = (...wanted: readonly Wanted[]) => database.transaction((tx) => project(tx, 1, wanted.flatMap(messagesOf)));
  const list = async (query: Partial<ScriptListQuery>) =>
    numbersOf((await model.list({ organizationId: 'org_a', size: { rows: 1_000, bytes: 8_388_608 }, ...query })).items);

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'read_model', applicationName: 'list.spec' });
    await database.migrate(readModelMigrations);
    model = readModel(database);
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('is walked once, newest first, while scripts are created and changed', async () => {
    const organizationId = 'org_walk';
    const first = Array.from({ length: 57 }, (_, index) => ({ number: 5_001 + index, organizationId }));
    await add(...first);
    const seen: number[] = [];
    let beforeId: string | undefined;
    for (let turn = 0; ; turn += 1) {
      const page = await model.list({ organizationId, beforeId, size: { rows: 10, bytes: 8_388_608 } });
      seen.push(...numbersOf(page.items));
      beforeId = page.items.at(-1)?.id;
      await add({ number: 6_000 + turn, organizationId }, { number: 5_050 - turn, organizationId, authorized: true });
      if (!page.more) break;
    }
    expect(seen).toEqual(Array.from({ length: 57 }, (_, index) => 5_057 - index));
  });

  it('says that more follows only when it does', async () => {
    const organizationId = 'org_more';
    await add(...[101, 102, 103].map((number) => ({ number, organizationId })));
    const page = (rows: number) => model.list({ organizationId, size: { rows, bytes: 8_388_608 } });
    expect((await page(2)).more).toBe(true);
    expect((await page(3)).more).toBe(false);
    expect((await page(4)).more).toBe(false);
    expect(await model.list({ organizationId: 'org_none', size: { rows: 4, bytes: 1 } })).toEqual({ items: [], more: false });
  });

  it('ends a page before it grows too large, but never without an entry', async () => {
    const organizationId = 'org_large';
    await add(
      ...[201, 202, 203, 204].map((number) => ({ number, organizationId, script: 'x'.repeat(50_000), sites: siteIds('large', 100) })),
    );
    const page = async (bytes: number, beforeId?: string) => model.list({ organizationId, beforeId, size: { rows: 10, bytes } });
    const two = await page(120_000);
    expect(numbersOf(two.items)).toEqual([204, 203]);
    expect(two.more).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(two.items.map((view) => scheduledScriptJson(view, 0))))).toBeLessThan(120_000);
    const tooSmall = await page(10, scriptId(203));
    expect(numbersOf(tooSmall.items)).toEqual([202]);
    expect(tooSmall.more).toBe(true);
    expect((await page(10, scriptId(202))).more).toBe(false);
  });

  it('filters by status, site and launch time, and by all of them', async () => {
    const [north = '', south = ''] = siteIds('filters', 2);
    await add(
      { number: 1, sites: [north], launchAt: hour(1) },
      { number: 2, sites: [north, south], launchAt: hour(2), authorized: true },
      { number: 3, sites: [south], launchAt: hour(3), authorized: true },
      { number: 4, sites: [south], launchAt: hour(4) },
    );
    expect(await list({})).toEqual([4, 3, 2, 1]);
    expect(await list({ status: 'scheduled' })).toEqual([3, 2]);
    expect(await list({ siteId: south })).toEqual([4, 3, 2]);
    expect(await list({ launchAfter: hour(2), launchBefore: hour(4) })).toEqual([3, 2]);
    expect(await list({ launchBefore: hour(2) })).toEqual([1]);
    expect(await list({ status: 'scheduled', siteId: south, launchAfter: hour(2), launchBefore: hour(3), beforeId: scriptId(4) })).toEqual([
      2,
    ]);
    expect(await list({ siteId: siteIds('strange', 1)[0] })).toEqual([]);
  });

  it('shows nothing of another organization, whatever is asked', async () => {
    const sites = siteIds('shared', 1);
    await add({ number: 9_001, organizationId: 'org_theirs', sites }, { number: 9_002, organizationId: 'org_ours', sites });
    const ours = { organizationId: 'org_ours' };
    expect(await list({ ...ours, siteId: sites[0] })).toEqual([9_002]);
    const theirs = { ...ours, scriptId: scriptId(9_001) };
    const size = { rows: 10, bytes: 1_000_000 };
    expect(await model.find(theirs)).toBeNull();
    expect(await model.version(theirs)).toBeNull();
    expect(await model.progress(theirs)).toBeNull();
    expect(await model.executions({ ...theirs, size })).toEqual({ items: [], more: false });
    expect(await model.history({ ...theirs, size })).toEqual({ items: [], more: false });
  });
});
